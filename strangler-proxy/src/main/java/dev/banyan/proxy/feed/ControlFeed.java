package dev.banyan.proxy.feed;

import dev.banyan.proxy.hold.Switchboard;
import dev.banyan.proxy.route.ModuleState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the switchboard equal to the control tables: reads them after each notification on channel {@code banyan}, and
 * once a second without one.
 *
 * <p>Order: this proxy is on the list of living proxies before it reads for the first time. A mover that changes a
 * route either finds the proxy there and waits for it, or has changed the route before the proxy read it.
 *
 * <p>Without the database the switchboard keeps what it has: nothing before the first read, the last routes after it.
 * A hold that was in force stays in force, and the gates refuse what waits too long. Has one thread of its own.
 */
public final class ControlFeed implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ControlFeed.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofMillis(500);

  private final ControlPlane plane;
  private final Switchboard switchboard;
  private final List<ModuleState> fallback;
  private final Acknowledger acknowledger;
  private final Thread thread = new Thread(this::run, "control-feed");
  private final CountDownLatch firstAttempt = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Connection line;
  private volatile @Nullable Long lastReadNanos;
  private volatile @Nullable String problem = "not connected yet";

  /**
   * Creates the feed; nothing happens before {@link #start()}.
   *
   * @param address where the control tables are
   * @param proxy this proxy's name in them
   * @param switchboard what to keep equal
   * @param fallback static routes, of modules that the control tables do not know
   */
  public ControlFeed(ControlAddress address, String proxy, Switchboard switchboard, List<ModuleState> fallback) {
    this.plane = new ControlPlane(address, proxy);
    this.switchboard = switchboard;
    this.fallback = List.copyOf(fallback);
    this.acknowledger = new Acknowledger(plane, switchboard, this::isFresh);
    thread.setDaemon(true);
  }

  /** Starts to follow, and waits for the outcome of the first attempt to read, whichever it is. */
  public void start() throws InterruptedException {
    thread.start();
    acknowledger.start();
    if (!firstAttempt.await(15, TimeUnit.SECONDS)) {
      log.warn("The control database has not answered yet; this proxy goes on trying");
    }
  }

  /** Has what may be acknowledged acknowledged, soon. Returns at once. */
  public void acknowledge() {
    acknowledger.wake();
  }

  /** Returns how the feed is. */
  public FeedStatus status() {
    String failure = problem;
    return new FeedStatus(failure == null, age(), Optional.ofNullable(failure));
  }

  /** Stops following and takes this proxy off the list. Call it when no request is served any more. */
  @Override
  public void close() {
    closed.countDown();
    hangUp();
    try {
      // First this thread, then the row: nobody puts it back.
      thread.join(Duration.ofSeconds(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    acknowledger.close();
  }

  private void hangUp() {
    try {
      Connection open = line;
      if (open != null) {
        open.abort(Runnable::run);
      }
    } catch (SQLException e) {
      log.debug("The feed's connection could not be cut", e);
    }
  }

  private void run() {
    while (!isClosed()) {
      try (Connection connection = plane.open("feed")) {
        line = connection;
        follow(connection);
      } catch (SQLException | RuntimeException e) {
        lost(e);
      }
    }
  }

  private void follow(Connection connection) throws SQLException {
    plane.listen(connection);
    var notifications = connection.unwrap(PGConnection.class);
    register(connection);
    while (!isClosed()) {
      apply(read(connection));
      notifications.getNotifications((int) POLL.toMillis());
    }
  }

  private void register(Connection connection) throws SQLException {
    try {
      plane.beat(connection);
    } catch (SQLException e) {
      rethrowUnlessNotInstalled(e);
    }
  }

  private List<ModuleState> read(Connection connection) throws SQLException {
    try {
      return plane.read(connection);
    } catch (SQLException e) {
      rethrowUnlessNotInstalled(e);
      return List.of();
    }
  }

  private static void rethrowUnlessNotInstalled(SQLException e) throws SQLException {
    if (!ControlPlane.isNotInstalled(e)) {
      throw e;
    }
  }

  private void apply(List<ModuleState> controlled) {
    boolean changed = switchboard.apply(merged(controlled));
    lastReadNanos = System.nanoTime();
    if (problem != null) {
      log.info("Following the control tables");
      problem = null;
    }
    if (changed) {
      acknowledger.wake();
      controlled.forEach(m -> log.info("{}", describe(m)));
    }
    firstAttempt.countDown();
  }

  private static String describe(ModuleState m) {
    return "Module '%s', route version %d: %s, owner %s, %d %% of the reads to the service%s".formatted(m.module(),
        m.version(), m.phase(), m.owner().word(), m.readsPercent(), m.isHeld() ? ", writes held" : "");
  }

  private List<ModuleState> merged(List<ModuleState> controlled) {
    Map<String, ModuleState> merged = new LinkedHashMap<>();
    fallback.forEach(module -> merged.put(module.module(), module));
    controlled.forEach(module -> merged.put(module.module(), module));
    return new ArrayList<>(merged.values());
  }

  private void lost(Exception e) {
    if (isClosed()) {
      return;
    }
    switchboard.controlLost();
    if (problem == null || lastReadNanos == null && firstAttempt.getCount() > 0) {
      log.warn("The control tables cannot be read; {}: {}",
          switchboard.position().isPresent() ? "the last known routes stay in force"
              : "no route is known, every request is refused", e.getMessage());
    }
    problem = String.valueOf(e.getMessage());
    firstAttempt.countDown();
    pause();
  }

  private void pause() {
    try {
      boolean ignored = closed.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Duration> age() {
    return Optional.ofNullable(lastReadNanos).map(at -> Duration.ofNanos(System.nanoTime() - at));
  }

  /** A proxy that does not hear of new routes must not count as alive. */
  private boolean isFresh() {
    return age().filter(age -> age.compareTo(POLL.multipliedBy(3)) < 0).isPresent();
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }
}
