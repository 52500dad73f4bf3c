package dev.banyan.move.cutover;

/** Thrown where a slot could not be dropped because somebody still reads from it; that passes with its connection. */
public final class SlotInUseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SlotInUseException(String message) {
    super(message);
  }
}
