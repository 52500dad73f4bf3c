package dev.banyan.move.stream;

/** Thrown where a table has got another shape than the one its changes are applied by; nothing of the change was applied. */
public final class ShapeChangedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ShapeChangedException(String message) {
    super(message);
  }
}
