package dev.banyan.move.cutover.protocol;

import dev.banyan.control.client.Owner;
import java.io.Serial;
import java.sql.SQLException;
import java.time.Duration;

/** The locks of a side's tables were not to be had in time; nothing has changed. */
public final class BlockedException extends RuntimeException {

  @Serial
  private static final long serialVersionUID = 1L;

  /** Says which side was waited for, and how long. */
  public BlockedException(Owner side, Duration waited, SQLException cause) {
    super("The moved tables of the %s could not be locked within %d ms".formatted(side.word(), waited.toMillis()), cause);
  }
}
