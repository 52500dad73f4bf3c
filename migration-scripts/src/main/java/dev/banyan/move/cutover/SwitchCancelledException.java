package dev.banyan.move.cutover;

/** Thrown where a switch was cancelled before its point of no return; everything is as it was before it. */
public final class SwitchCancelledException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SwitchCancelledException(String message) {
    super(message);
  }

  SwitchCancelledException(String message, Throwable cause) {
    super(message, cause);
  }
}
