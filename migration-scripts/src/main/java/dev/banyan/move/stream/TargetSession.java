package dev.banyan.move.stream;

import dev.banyan.control.StaleMoverException;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.CopyLedger;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Set;

/**
 * The applier's connection to the other side. The position is stored in the transaction that applies the rows, under
 * the mover's epoch: a mover that was replaced commits nothing.
 */
final class TargetSession implements AutoCloseable {

  private static final Set<String> VIOLATIONS_OF_ORDER = Set.of("23505", "23P01");

  private final Connection connection;
  private final TableWriter writer;
  private final ChangedKeys keys;
  private final String module;

  TargetSession(Database target, String module, Owner owner) throws SQLException {
    this.connection = target.connectAsApplier();
    this.keys = new ChangedKeys(connection, module, owner);
    this.connection.setAutoCommit(false);
    this.writer = new TableWriter(connection);
    this.module = module;
  }

  /** Writes changes without committing them. */
  void write(List<RowChange> changes) throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    Savepoint before = connection.setSavepoint();
    try {
      writeFolded(changes);
    } catch (SQLException e) {
      if (!VIOLATIONS_OF_ORDER.contains(String.valueOf(e.getSQLState()))) {
        throw e;
      }
      // Two rows exchanged a unique value, or one that excludes others; folded there is no good order, one by one there is the owner's.
      connection.rollback(before);
      for (RowChange change : changes) {
        writeFolded(List.of(change));
      }
    }
    connection.releaseSavepoint(before);
    keys.note(changes);
  }

  /** Keeps the changed keys of these tables, by their names in the monolith, and of no others. */
  void keepKeysOf(Set<String> tables) {
    keys.keep(tables);
  }

  /** Commits what was written, and that it reaches up to {@code position}. */
  void commit(Lsn position, long epoch) throws SQLException {
    keys.beforeCommit();
    try (var statement = connection.prepareStatement(
        "update banyan.side set applied = ?::pg_lsn where module = ? and epoch = ?")) {
      statement.setString(1, position.toString());
      statement.setString(2, module);
      statement.setLong(3, epoch);
      if (statement.executeUpdate() != 1) {
        connection.rollback();
        throw new StaleMoverException(module, epoch);
      }
    }
    connection.commit();
  }

  private void writeFolded(List<RowChange> changes) throws SQLException {
    Fold fold = new Fold();
    for (RowChange change : changes) {
      if (change.standsAlone()) {
        writer.write(fold);
        writer.writeAlone(change);
        if (change.kind() == RowChange.Kind.TRUNCATE) {
          CopyLedger.forget(connection, module, change.table().source());
        }
        fold = new Fold();
      } else {
        fold.add(change);
      }
    }
    writer.write(fold);
  }

  @Override
  public void close() throws SQLException {
    // Not rolled back: that would wait for an answer, which a lost connection never brings.
    connection.abort(Runnable::run);
  }
}
