package dev.banyan.demo.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long an acknowledged write takes to be visible on the side that follows, by reading that side's table
 * until it is.
 */
public final class LagProbe implements AutoCloseable {

  private static final long GIVE_UP_NANOS = 5_000_000_000L;

  private final Load load;
  private final Connection follower;
  private final Histogram micros = new Histogram(60_000_000L, 3);
  private final Thread thread = new Thread(this::run, "lag-probe");
  private volatile boolean stopped;

  /** Starts to measure on a connection to the following side's database, which it closes in the end. */
  public LagProbe(Load load, Connection follower) {
    this.load = load;
    this.follower = follower;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try (follower; PreparedStatement query = follower.prepareStatement("select revision from users.account where id = ?")) {
      Load.@Nullable Acknowledged last = null;
      while (!stopped) {
        Load.Acknowledged current = load.latest();
        if (current == null || current.equals(last)) {
          LockSupport.parkNanos(200_000);
        } else {
          measure(query, current);
          last = current;
        }
      }
    } catch (SQLException e) {
      stopped = true;
    }
  }

  private void measure(PreparedStatement query, Load.Acknowledged written) throws SQLException {
    query.setLong(1, written.account());
    while (!stopped && System.nanoTime() - written.atNanos() < GIVE_UP_NANOS) {
      try (var row = query.executeQuery()) {
        if (!row.next() || row.getLong(1) >= written.revision()) {
          micros.recordValue(Math.max(0, (System.nanoTime() - written.atNanos()) / 1_000));
          return;
        }
      }
      LockSupport.parkNanos(200_000);
    }
  }

  /** Returns what was measured, in microseconds. */
  public Histogram micros() {
    return micros;
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    thread.join(10_000);
  }
}
