package dev.banyan.move.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.replication.ReplicationSlotInfo;

/**
 * A snapshot that is exactly the starting position of a logical slot: it shows every transaction that ends at or before
 * that position and none that ends behind it. It can be imported while this object is open.
 *
 * <p>Source: <a href="https://www.postgresql.org/docs/current/logicaldecoding-explanation.html#LOGICALDECODING-EXPLANATION-EXPORTED-SNAPSHOTS">
 * PostgreSQL, exported snapshots</a>.
 */
public final class ExportedSnapshot implements AutoCloseable {

  private static final String PLUGIN = "pgoutput";

  private final Connection replication;
  private final ReplicationSlotInfo slot;

  private ExportedSnapshot(Connection replication, ReplicationSlotInfo slot) {
    this.replication = replication;
    this.slot = slot;
  }

  /** Creates a slot that stays, and the snapshot at its start. Waits for every transaction open on the server. */
  public static ExportedSnapshot ofSlot(Database database, String slot) throws SQLException {
    return create(database, slot, false, Duration.ZERO);
  }

  /**
   * Creates a snapshot with a position, over a slot that ends with this object.
   *
   * @param timeout how long to wait for transactions that are open on the server
   * @throws SQLException with state 57014 if they did not end in time
   */
  public static ExportedSnapshot temporary(Database database, String slot, Duration timeout) throws SQLException {
    return create(database, slot, true, timeout);
  }

  private static ExportedSnapshot create(Database database, String slot, boolean temporary, Duration timeout)
      throws SQLException {
    Connection replication = database.connectForReplication();
    try {
      if (!timeout.isZero()) {
        try (var statement = replication.createStatement()) {
          statement.execute("set statement_timeout = " + timeout.toMillis());
        }
      }
      var builder = replication.unwrap(PGConnection.class).getReplicationAPI().createReplicationSlot().logical()
          .withSlotName(slot).withOutputPlugin(PLUGIN);
      return new ExportedSnapshot(replication, (temporary ? builder.withTemporaryOption() : builder).make());
    } catch (SQLException | RuntimeException e) {
      replication.close();
      throw e;
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
