package dev.banyan.move.stream;

/** Thrown where a row's value is neither in the log nor on this side, so that the row cannot be written as its owner has it. */
public final class LostValueException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LostValueException(String message) {
    super(message);
  }
}
