package dev.banyan.move.mover;

import org.jspecify.annotations.Nullable;

/** Thrown where the stream has ended although nobody ended it. */
final class StreamEndedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StreamEndedException(@Nullable Throwable cause) {
    super(cause == null ? "The stream has ended" : "The stream has ended: " + Failures.message(cause), cause);
  }
}
