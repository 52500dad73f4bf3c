package dev.banyan.move.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How long statements may take, on both sides of a pin, while somebody waits. To say so takes a round trip, so it is said with
 * something to spare, and again only where less time is left than was said.
 */
final class StatementLimit {

  /** The longest that a server can be told, in milliseconds a little less than 2 to the power of 31. */
  private static final Duration ANY_TIME = Duration.ofDays(24);

  private final Supplier<Duration> timeLeft;
  private Duration said;

  /** Creates the limit; {@link #said()} is to be said with the first statement, or {@link #require} to be asked. */
  StatementLimit(Supplier<Duration> timeLeft) {
    this.timeLeft = timeLeft;
    this.said = spared(timeLeft.get());
  }

  /** Returns the limit of whoever keeps nobody waiting; it is never said. */
  static StatementLimit none() {
    return new StatementLimit(() -> ANY_TIME);
  }

  /** Returns the limit that holds. */
  Duration said() {
    return said;
  }

  /** Has no statement take longer than there is time; fails where there is none. */
  void require(Connection here, Connection there) throws SQLException {
    Duration left = timeLeft.get();
    if (left.compareTo(said) < 0) {
      said = spared(left);
      say(here, there);
    }
  }

  private void say(Connection here, Connection there) throws SQLException {
    BothSides.ask(() -> say(here), () -> say(there), (ours, theirs) -> ours);
  }

  private boolean say(Connection side) throws SQLException {
    try (var statement = side.createStatement()) {
      return statement.execute(sql(said));
    }
  }

  private static Duration spared(Duration left) {
    return left.multipliedBy(3).dividedBy(4);
  }

  /** Returns the statement that says a limit for the rest of a transaction. */
  static String sql(Duration limit) {
    // Less than a millisecond would be no limit at all.
    return "set local statement_timeout = " + Math.max(1, limit.toMillis());
  }
}
