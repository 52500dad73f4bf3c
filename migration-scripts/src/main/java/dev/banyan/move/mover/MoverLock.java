package dev.banyan.move.mover;

import dev.banyan.move.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Makes the mover of a module the only one: an advisory lock, held as long as its connection lives. */
final class MoverLock implements AutoCloseable {

  private static final long POLL_MILLIS = 200;

  private final Connection connection;

  private MoverLock(Connection connection) {
    this.connection = connection;
  }

  /**
   * Takes the lock.
   *
   * @throws Refused if another mover has it
   */
  static MoverLock take(Database monolith, String module) throws SQLException {
    Connection connection = monolith.connect();
    try (var statement = connection.prepareStatement("select pg_try_advisory_lock(hashtextextended('banyan mover ' || ?, 0))")) {
      statement.setString(1, module);
      try (var row = statement.executeQuery()) {
        if (row.next() && row.getBoolean(1)) {
          return new MoverLock(connection);
        }
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    connection.close();
    throw new Refused("The mover of module '%s' is running already; there can be one. Follow it with `banyan status PLAN --watch`."
        .formatted(module));
  }

  /**
   * Takes the lock, and waits for it a while.
   *
   * @throws Refused if another mover has it even then
   */
  static MoverLock take(Database monolith, String module, Duration within) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      try {
        return take(monolith, module);
      } catch (Refused e) {
        if (System.nanoTime() >= deadline) {
          throw e;
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  /** Fails where the lock is lost. */
  void requireHeld() throws SQLException {
    if (!connection.isValid(5)) {
      throw new SQLException("the connection that holds the mover's lock is lost", "08006");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
