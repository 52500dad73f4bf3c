package dev.banyan.move.mover;

/** Thrown where what stood in the way of going on is gone; the session is to be opened anew, by what the tables are now. */
final class AgreedAgainException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AgreedAgainException() {
    super("both sides' tables agree with each other and with the plan, by which the stream goes on");
  }
}
