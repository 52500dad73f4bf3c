package dev.banyan.control.client;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The fence: triggers that refuse every write to a module's tables on the side that does not own them. */
public final class Fence {

  /** What a refused write raises. Its class, ZB, is outside those that the SQL standard reserves. */
  public static final String SQLSTATE = "ZB001";

  private Fence() {}

  /** Tells whether the fence raised this exception, or any of its causes. */
  public static boolean raised(@Nullable Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof SQLException e && SQLSTATE.equals(e.getSQLState())) {
        return true;
      }
    }
    return false;
  }
}
