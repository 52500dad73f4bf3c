package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.demo.stage.Stage;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks again and again whether an ordinary role can write on both sides at one instant. A write on the one side stays
 * open, and so keeps the fence there from being raised, while the other side is tried.
 */
final class WritableSides implements AutoCloseable {

  private static final Duration PACE = Duration.ofMillis(10);
  private static final String WRITE = "update users.account set phone = phone where id = 100";
  /** The fence; a lock that is not to be had; a statement that waited for one too long. */
  private static final Set<String> NOT_WRITABLE = Set.of("ZB001", "55P03", "57014");

  private final Connection monolith;
  private final Connection service;
  private final AtomicInteger tries = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "writable-sides");
  private volatile boolean stopped;
  private volatile @Nullable String violation;

  WritableSides(Stage stage) throws SQLException {
    monolith = connect(stage.monolithServer().url("shop"), "shop");
    service = connect(stage.serviceServer().url("users"), "users");
    thread.start();
  }

  private static Connection connect(String url, String role) throws SQLException {
    Connection connection = DriverManager.getConnection(url, role, role);
    connection.createStatement().execute("set lock_timeout = '100ms'");
    connection.setAutoCommit(false);
    return connection;
  }

  private void run() {
    try {
      while (!stopped) {
        look();
        LockSupport.parkNanos(PACE.toNanos());
      }
    } catch (SQLException e) {
      violation = "the sides could not be asked: " + e;
    }
  }

  private void look() throws SQLException {
    try {
      boolean one = canWrite(monolith);
      boolean other = canWrite(service);
      if (one && other) {
        violation = "an ordinary role can write on both sides";
      }
      if (one || other) {
        tries.incrementAndGet();
      }
    } finally {
      monolith.rollback();
      service.rollback();
    }
  }

  private static boolean canWrite(Connection side) throws SQLException {
    try (var statement = side.createStatement()) {
      return statement.executeUpdate(WRITE) == 1;
    } catch (SQLException e) {
      if (NOT_WRITABLE.contains(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** Expects that so far there was no such instant, and that one side could be written to. */
  void expectAtMostOne() {
    assertThat(violation).isNull();
    assertThat(tries.getAndSet(0)).as("times that one side could be written to").isPositive();
  }

  @Override
  public void close() throws InterruptedException, SQLException {
    stopped = true;
    thread.join(10_000);
    monolith.close();
    service.close();
  }
}
