package dev.banyan.move.mover;

/** Thrown where the owner's slot is of no use any more: given up because it retained too much, or invalidated by its server. */
final class SlotGivenUpException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SlotGivenUpException(String message) {
    super(message);
  }
}
