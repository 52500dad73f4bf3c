package dev.banyan.move.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Tells whether connections to a database still carry anything. One that was lost on its way, without either end being
 * told, keeps whoever waits for an answer waiting for ever, and a time limit cannot tell it from a long statement. Here
 * nothing takes long. Used by one thread.
 */
public final class Lifeline implements AutoCloseable {

  private static final int ANSWERS_WITHIN_SECONDS = 5;
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Database database;
  private final Connection connection;
  private long next = System.nanoTime();

  /** Connects. */
  public Lifeline(Database database) throws SQLException {
    this.database = database;
    this.connection = database.connect();
  }

  /**
   * Fails where the server does not answer. Asks once a second at most, however often this is called.
   *
   * @throws SQLException as a connection does that is lost
   */
  public void requireAlive() throws SQLException {
    if (System.nanoTime() - next >= 0) {
      if (!connection.isValid(ANSWERS_WITHIN_SECONDS)) {
        throw new SQLException("connections to %s are lost".formatted(database), "08006");
      }
      next = System.nanoTime() + EVERY.toNanos();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
