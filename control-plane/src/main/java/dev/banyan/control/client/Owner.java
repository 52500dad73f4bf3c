package dev.banyan.control.client;

import java.util.Locale;

/** The side that accepts writes to a module's tables. */
public enum Owner {
  /** The monolith, as before the extraction and after a rollback. */
  MONOLITH,
  /** The extracted service. */
  SERVICE;

  /** Returns the side that follows while this one owns. */
  public Owner other() {
    return this == MONOLITH ? SERVICE : MONOLITH;
  }

  /** Returns the name as users read it, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
