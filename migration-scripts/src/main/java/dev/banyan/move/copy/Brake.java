package dev.banyan.move.copy;

/** Slows a copy down, for the sake of the server that it reads from; asked by several threads. */
public interface Brake {

  /** Tells whether nothing more is to be read for the moment. */
  boolean waits();

  /** Tells whether no other range is to be begun, so that the snapshot can be closed. */
  boolean stops();
}
