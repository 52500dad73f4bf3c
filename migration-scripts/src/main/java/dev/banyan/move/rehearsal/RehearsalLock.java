package dev.banyan.move.rehearsal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Tells a rehearsal that goes on from one that was killed: an advisory lock, taken before the first database is created
 * and held until the last is dropped, as long as its process lives.
 */
final class RehearsalLock implements AutoCloseable {

  // An advisory lock is a database's, and whoever cleans up may have come by another one than whoever rehearses.
  private static final String TRY = """
      with key as (select hashtextextended('banyan rehearsal ' || ?, 0) as key)
      select pg_try_advisory_lock(key) and not exists (
        select from pg_locks where locktype = 'advisory' and granted and objsubid = 1 and pid <> pg_backend_pid()
          and (classid::bigint << 32 | objid::bigint) = key) from key""";

  private final Connection connection;

  private RehearsalLock(Connection connection) {
    this.connection = connection;
  }

  /** Takes the lock of one rehearsal; empty where its process lives. */
  static Optional<RehearsalLock> take(ScratchServer server, ScratchName name) throws SQLException {
    Connection connection = server.entrance().connect();
    try (var statement = connection.prepareStatement(TRY)) {
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
