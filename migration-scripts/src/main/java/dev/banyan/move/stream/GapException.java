package dev.banyan.move.stream;

/** Thrown where changes between the applied position and the slot are lost to the stream; trying again is no use. */
public final class GapException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  GapException(String message) {
    super(message);
  }
}
