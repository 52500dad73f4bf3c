package dev.banyan.move.cutover;

/** The publication is not what the mover made: changes have been committed that the stream does not carry. */
public final class PublicationAlteredException extends RuntimeException {

  PublicationAlteredException(String message) {
    super(message);
  }
}
