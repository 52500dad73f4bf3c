package dev.banyan.move.rehearsal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Tells a rehearsal that goes on from one that was killed: an advisory lock, taken before the first database is created
 * and held until the last is dropped, as long as its process lives.
 */
final class RehearsalLock implements AutoCloseable {

  private final Connection connection;

  private RehearsalLock(Connection connection) {
    this.connection = connection;
  }

  /** Takes the lock of one rehearsal; empty where its process lives. */
  static Optional<RehearsalLock> take(ScratchServer server, ScratchName name) throws SQLException {
    Connection connection = server.entrance().connect();
    try (var statement = connection.prepareStatement("select pg_try_advisory_lock(hashtextextended('banyan rehearsal ' || ?, 0))")) {
      statement.setString(1, name.id());
      try (var row = statement.executeQuery()) {
        if (row.next() && row.getBoolean(1)) {
          return Optional.of(new RehearsalLock(connection));
        }
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    connection.close();
    return Optional.empty();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
