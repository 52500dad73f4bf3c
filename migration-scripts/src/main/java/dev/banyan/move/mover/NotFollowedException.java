package dev.banyan.move.mover;

/** Thrown where the stream may lack changes of the owner; a check says which, and what to do. */
final class NotFollowedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotFollowedException(String message) {
    super(message);
  }
}
