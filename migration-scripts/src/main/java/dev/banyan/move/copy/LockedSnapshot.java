package dev.banyan.move.copy;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.ExportedSnapshot;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * A snapshot of the monolith, made under locks that keep its moved tables from being emptied or rewritten. To an older
 * snapshot such a table looks empty: its rows would be missing without anybody having deleted them.
 *
 * <p>Source: <a href="https://www.postgresql.org/docs/current/mvcc-caveats.html">PostgreSQL, caveats of MVCC</a>.
 */
final class LockedSnapshot implements AutoCloseable {

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final int STILL_THERE_SECONDS = 5;

  private final String lock;
  private final Connection locking;
  private final ExportedSnapshot snapshot;

  private LockedSnapshot(String lock, Connection locking, ExportedSnapshot snapshot) {
    this.lock = lock;
    this.locking = locking;
    this.snapshot = snapshot;
  }

  /** Makes the slot that the stream will begin with, and the snapshot at its start. */
  static LockedSnapshot ofSlot(Link link, Duration timeout) throws SQLException, TimeoutException {
    return open(link, timeout, () ->
        ExportedSnapshot.ofSlot(link.monolith(), ObjectNames.slot(link.module(), Owner.MONOLITH), timeout));
  }

  /** Makes a later snapshot; the slot stays as it is. */
  static LockedSnapshot later(Link link, Duration timeout) throws SQLException, TimeoutException {
    // A name of its own: the server may not have noticed yet that the slot of a broken connection is not needed any more.
    String slot = "banyan_%s_copy_%08x".formatted(link.module(), ThreadLocalRandom.current().nextInt());
    return open(link, timeout, () -> ExportedSnapshot.temporary(link.monolith(), slot, timeout));
  }

  private interface Making {
    ExportedSnapshot make() throws SQLException, TimeoutException;
  }

  private static LockedSnapshot open(Link link, Duration timeout, Making snapshot) throws SQLException, TimeoutException {
    String lock = "lock table %s in access share mode".formatted(
        link.names(Owner.MONOLITH).stream().map(TableName::sql).collect(Collectors.joining(", ")));
    Connection locking = link.monolith().connect();
    try {
      lock(locking, lock, timeout);
      return new LockedSnapshot(lock, locking, snapshot.make());
    } catch (SQLException | TimeoutException | RuntimeException e) {
      // Whoever the snapshot waits for may be waiting for these locks.
      locking.close();
      throw e;
    }
  }

  private static void lock(Connection connection, String lock, Duration timeout) throws SQLException, TimeoutException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("set local lock_timeout = " + timeout.toMillis());
      statement.execute(lock);
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw new TimeoutException("Tables of the monolith are locked by somebody who changes their structure or empties them");
      }
      throw e;
    }
  }

  /** Returns the position of the snapshot. */
  Lsn position() {
    return snapshot.position();
  }

  /** Lets a connection see the snapshot, and hold the locks itself. */
  void importInto(Connection connection) throws SQLException {
    snapshot.importInto(connection);
    try (var statement = connection.createStatement()) {
      statement.execute(lock);
    }
    if (!locking.isValid(STILL_THERE_SECONDS)) {
      throw new SQLException("the connection that keeps the monolith's tables from being emptied is lost", "08006");
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      snapshot.close();
    } finally {
      locking.close();
    }
  }
}
