package dev.banyan.move.rehearsal;

import dev.banyan.move.copy.ServerLoad;
import dev.banyan.move.database.Column;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * Copies the monolith's rows in one snapshot, table after table, as texts: whatever the types are, and whichever versions
 * the two servers have. Waits while the monolith has more to do than the plan allows a copy to add to.
 */
final class RowCopy {

  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Duration TELL_EVERY = Duration.ofSeconds(5);

  private final Database monolith;
  private final OptionalInt maxLoad;
  private final Consumer<String> progress;
  private long lookAt = System.nanoTime();
  private long tellAt = System.nanoTime() + TELL_EVERY.toNanos();

  RowCopy(Database monolith, OptionalInt maxLoad, Consumer<String> progress) {
    this.monolith = monolith;
    this.maxLoad = maxLoad;
    this.progress = progress;
  }

  /** Begins the snapshot that all tables are read in. */
  static Connection snapshot(Database monolith) throws SQLException {
    Connection connection = monolith.connect();
    try (var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("set transaction isolation level repeatable read, read only");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Copies one table; returns its number of rows. */
  long copy(Connection source, Connection target, TableShape table) throws SQLException, InterruptedException {
    String columns = Sql.identifiers(table.stored().stream().map(Column::name).toList());
    CopyOut out = manager(source).copyOut("copy (select %s from %s) to stdout".formatted(columns, table.name().sql()));
    try {
      CopyIn in = manager(target).copyIn("copy %s (%s) from stdin".formatted(table.name().sql(), columns));
      return pipe(out, in, table);
    } finally {
      if (out.isActive()) {
        out.cancelCopy();
      }
    }
  }

  private long pipe(CopyOut out, CopyIn in, TableShape table) throws SQLException, InterruptedException {
    long rows = 0;
    try {
      for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
        in.writeToCopy(row, 0, row.length);
        if (++rows % 1_000 == 0) {
          attend(table, rows);
        }
      }
      return in.endCopy();
    } finally {
      if (in.isActive()) {
        in.cancelCopy();
      }
    }
  }

  private void attend(TableShape table, long rows) throws InterruptedException {
    Interrupts.check();
    if (System.nanoTime() - tellAt > 0) {
      progress.accept("Copied %,d of about %,d rows of %s.".formatted(rows, Math.max(rows, table.estimatedRows()), table.name()));
      tellAt = System.nanoTime() + TELL_EVERY.toNanos();
    }
    while (maxLoad.isPresent() && System.nanoTime() - lookAt > 0) {
      if (ServerLoad.active(monolith) <= maxLoad.getAsInt()) {
        lookAt = System.nanoTime() + EVERY.toNanos();
      } else {
        Thread.sleep(EVERY.toMillis());
      }
    }
  }

  private static CopyManager manager(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }
}
