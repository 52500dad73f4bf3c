package dev.banyan.move.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeoutException;
import org.postgresql.PGConnection;
import org.postgresql.replication.ReplicationSlotInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot that is exactly the starting position of a logical slot: it shows every transaction that ends at or before
 * that position and none that ends behind it. It can be imported while this object is open.
 *
 * <p>Source: <a href="https://www.postgresql.org/docs/current/logicaldecoding-explanation.html#LOGICALDECODING-EXPLANATION-EXPORTED-SNAPSHOTS">
 * PostgreSQL, exported snapshots</a>.
 */
public final class ExportedSnapshot implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExportedSnapshot.class);
  private static final String PLUGIN = "pgoutput";
  private static final String QUERY_CANCELED = "57014";
  /** More transactions than the server has room for have begun and not committed since the oldest that goes on; a moment later there are others. */
  private static final String TOO_MANY_UNFINISHED = "40001";

  private final Connection replication;
  private final ReplicationSlotInfo slot;

  private ExportedSnapshot(Connection replication, ReplicationSlotInfo slot) {
    this.replication = replication;
    this.slot = slot;
  }

  /**
   * Creates a slot that stays, and the snapshot at its start.
   *
   * @param timeout how long to wait for transactions that are open on the server
   * @throws TimeoutException if they did not end in time; there is no slot then
   */
  public static ExportedSnapshot ofSlot(Database database, String slot, Duration timeout)
      throws SQLException, TimeoutException {
    return create(database, slot, false, timeout);
  }

  /**
   * Creates a snapshot with a position, over a slot that ends with this object.
   *
   * @param timeout how long to wait for transactions that are open on the server
   * @throws TimeoutException if they did not end in time
   */
  public static ExportedSnapshot temporary(Database database, String slot, Duration timeout)
      throws SQLException, TimeoutException {
    return create(database, slot, true, timeout);
  }

  private static ExportedSnapshot create(Database database, String slot, boolean temporary, Duration timeout)
      throws SQLException, TimeoutException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      long left = deadline - System.nanoTime();
      try {
        return tryToCreate(database, slot, temporary, Duration.ofNanos(Math.max(1_000_000, left)));
      } catch (SQLException e) {
        if (!TOO_MANY_UNFINISHED.equals(e.getSQLState()) || left <= 0) {
          throw e;
        }
        LOG.debug("no snapshot of {} yet: {}", database, e.getMessage());
      }
    }
  }

  private static ExportedSnapshot tryToCreate(Database database, String slot, boolean temporary, Duration timeout)
      throws SQLException, TimeoutException {
    Connection replication = database.connectForReplication();
    PGConnection connection = replication.unwrap(PGConnection.class);
    var builder = connection.getReplicationAPI().createReplicationSlot().logical().withSlotName(slot).withOutputPlugin(PLUGIN);
    try (Deadline deadline = new Deadline(connection, timeout)) {
      return new ExportedSnapshot(replication, (temporary ? builder.withTemporaryOption() : builder).make());
    } catch (SQLException e) {
      replication.close();
      if (QUERY_CANCELED.equals(e.getSQLState())) {
        throw new TimeoutException("Transactions on %s do not end: %s".formatted(database,
            String.join("; ", OpenTransactions.openFor(database, Duration.ZERO))));
      }
      throw e;
    }
  }

  /** Cancels what a connection waits for: the replication protocol does not know of {@code statement_timeout}. */
  private static final class Deadline implements AutoCloseable {

    private final Timer timer = new Timer("banyan-deadline", true);

    Deadline(PGConnection connection, Duration timeout) {
      timer.schedule(new TimerTask() {
        @Override
        public void run() {
          try {
            connection.cancelQuery();
          } catch (SQLException e) {
            LOG.debug("not cancelled: {}", e.toString());
          }
        }
      }, timeout.toMillis());
    }

    @Override
    public void close() {
      timer.cancel();
    }
  }

  /** Returns the position of the snapshot. */
  public Lsn position() {
    return new Lsn(slot.getConsistentPoint().asLong());
  }

  /** Begins a read-only transaction on {@code connection} that sees this snapshot. */
  public void importInto(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("set transaction isolation level repeatable read, read only");
      statement.execute("set transaction snapshot " + Sql.literal(slot.getSnapshotName()));
    }
  }

  @Override
  public void close() throws SQLException {
    replication.close();
  }
}
