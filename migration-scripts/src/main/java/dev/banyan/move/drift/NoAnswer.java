package dev.banyan.move.drift;

/** Thrown where an application does not tell of its copies; says which one, where it was asked, and what came instead. */
public final class NoAnswer extends Exception {

  private static final long serialVersionUID = 1L;

  NoAnswer(String message) {
    super(message);
  }

  NoAnswer(String message, Exception cause) {
    super(message, cause);
  }
}
