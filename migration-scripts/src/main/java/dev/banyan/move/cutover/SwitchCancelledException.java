package dev.banyan.move.cutover;

import dev.banyan.move.cutover.protocol.BlockedException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Thrown where a switch was cancelled before its point of no return; everything is as it was before it. */
public final class SwitchCancelledException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean uncertain;

  SwitchCancelledException(String message) {
    this(message, null, false);
  }

  SwitchCancelledException(String message, RuntimeException cause) {
    this(message, cause, false);
  }

  private SwitchCancelledException(String message, @Nullable Throwable cause, boolean uncertain) {
    super(message, cause);
    this.uncertain = uncertain;
  }

  /** Cancelled because something has failed, an answer for instance that never came. */
  static SwitchCancelledException failed(Exception failure) {
    return new SwitchCancelledException("The switch was cancelled before its point of no return: " + failure.getMessage(), failure,
        !(failure instanceof BlockedException || failure instanceof TimeoutException));
  }

  /**
   * Requires that everything that was sent for the switch was answered. What was not may still come to a server, and have its
   * effect then; under a new epoch it has none.
   *
   * @throws UnsettledSwitchException if it is not known; the extraction must be taken over anew
   */
  public void requireCertain() {
    if (uncertain) {
      throw new UnsettledSwitchException(this);
    }
  }
}
