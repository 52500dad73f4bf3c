package dev.banyan.proxy.feed;

import dev.banyan.proxy.hold.Switchboard;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the control tables once a second that this proxy lives, and which route versions it keeps to as soon as it
 * does. It has a thread and a connection of its own, because the feed's connection waits for notifications.
 *
 * <p>What it writes is always taken from the switchboard at that moment, never remembered: a row that got lost, or a
 * proxy that was taken off the list, is there again a second later.
 */
final class Acknowledger implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Acknowledger.class);

  private final ControlPlane plane;
  private final Switchboard switchboard;
  private final BooleanSupplier fresh;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(work -> {
    var thread = new Thread(work, "control-acknowledge");
    thread.setDaemon(true);
    return thread;
  });
  private volatile boolean leaving;
  private @Nullable Connection connection;

  Acknowledger(ControlPlane plane, Switchboard switchboard, BooleanSupplier fresh) {
    this.plane = plane;
    this.switchboard = switchboard;
    this.fresh = fresh;
  }

  void start() {
    executor.scheduleWithFixedDelay(() -> attempt(this::beat), 0, 1, TimeUnit.SECONDS);
  }

  void wake() {
    if (asked.compareAndSet(false, true)) {
      try {
        executor.execute(() -> attempt(this::acknowledge));
      } catch (RejectedExecutionException closing) {
        log.debug("Not acknowledged any more: this proxy is stopping");
      }
    }
  }

  private interface Work {
    void with(Connection connection) throws SQLException;
  }

  private void beat(Connection open) throws SQLException {
    if (fresh.getAsBoolean() && !leaving) {
      plane.beat(open);
      acknowledge(open);
    }
  }

  private void acknowledge(Connection open) throws SQLException {
    // Cleared before looking, so that what settles while this runs asks anew.
    asked.set(false);
    plane.acknowledge(open, switchboard.acknowledgeable());
  }

  private void attempt(Work work) {
    try {
      work.with(connection());
    } catch (SQLException | RuntimeException e) {
      asked.set(false);
      if (e instanceof SQLException refused && ControlPlane.isNotInstalled(refused)) {
        return;
      }
      // The feed reports a lost database; this only tries again within the second.
      log.debug("The control tables cannot be written", e);
      disconnect();
    }
  }

  private Connection connection() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = plane.open("acknowledge");
      connection = open;
    }
    return open;
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        log.debug("A connection could not be closed", e);
      }
    }
  }

  /** Takes this proxy off the list. */
  @Override
  public void close() {
    leaving = true;
    executor.execute(() -> attempt(plane::leave));
    executor.execute(this::disconnect);
    executor.shutdown();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("This proxy could not be taken off the list; it counts as dead in a few seconds");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
