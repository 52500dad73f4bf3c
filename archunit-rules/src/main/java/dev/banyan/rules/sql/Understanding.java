package dev.banyan.rules.sql;

/** How far a statement was understood. */
public enum Understanding {
  /** A parser took all of it. */
  WHOLE,
  /** It has holes, or another dialect; what is said was read by its words. */
  PART,
  /** A table in it, or all of it, is known only at run time. */
  NOT
}
