package dev.banyan.move.copy;

import dev.banyan.move.database.CopyLedger;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.SideEpoch;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * Pipes one range from {@code COPY … TO STDOUT} into {@code COPY … FROM STDIN}; no row becomes an object. The rows and
 * the mark that the range is copied are committed together.
 */
final class RangeCopy {

  private static final int REPORT_EVERY_ROWS = 10_000;
  // Rows may be large, and who is kept waiting must be within a second or so.
  private static final long REPORT_EVERY_BYTES = 16L << 20;
  // So small that the servers have something to do all the time, and so large that waiting is not all that is done.
  private static final int PACED_BYTES = 16 << 10;

  /** Is told of rows that were sent on, and may keep the next ones waiting. */
  interface Sent {
    void rows(long more) throws InterruptedException;
  }

  private final Connection source;
  private final Connection target;
  private final Lsn position;
  private final String module;
  private final long epoch;
  private final CopyLedger ledger;
  private final CopyRate rate;

  /**
   * Creates a copy between two connections.
   *
   * @param position the position of the snapshot that {@code source} sees
   */
  RangeCopy(Connection source, Connection target, Lsn position, String module, long epoch, CopyLedger ledger, CopyRate rate) {
    this.source = source;
    this.target = target;
    this.position = position;
    this.module = module;
    this.epoch = epoch;
    this.ledger = ledger;
    this.rate = rate;
  }

  void run(KeyRange range, Sent progress) throws SQLException, InterruptedException {
    TableFlow table = range.table();
    // Binary forms depend on the types; texts fit whatever PostgreSQL can read.
    String format = table.fitsInBinary() ? "binary" : "text";
    CopyOut out = manager(source).copyOut("copy (%s) to stdout (format %s)".formatted(range.query(), format));
    long rows;
    try {
      CopyIn in = manager(target).copyIn("copy %s (%s) from stdin (format %s)".formatted(table.target().sql(),
          Sql.identifiers(table.targetColumns()), format));
      rows = pipe(out, in, progress);
    } finally {
      if (out.isActive()) {
        out.cancelCopy();
      }
    }
    // Rows of a mover that was replaced meanwhile must not stay.
    SideEpoch.require(target, module, epoch);
    ledger.copied(target, range.range(), position, rows);
    target.commit();
  }

  private long pipe(CopyOut out, CopyIn in, Sent progress) throws SQLException, InterruptedException {
    long unreported = 0;
    long reported = 0;
    long bytes = 0;
    int unpaced = 0;
    RowBuffer onward = new RowBuffer(in);
    try {
      for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
        onward.add(row);
        bytes += row.length;
        unpaced += row.length;
        if (unpaced >= PACED_BYTES) {
          rate.await(unpaced);
          unpaced = 0;
        }
        if (++unreported == REPORT_EVERY_ROWS || bytes > REPORT_EVERY_BYTES) {
          bytes = 0;
          progress.rows(unreported);
          reported += unreported;
          unreported = 0;
        }
      }
      onward.flush();
      // Messages are not quite rows, the binary format has a head and a tail; the server knows.
      long rows = in.endCopy();
      progress.rows(rows - reported);
      return rows;
    } finally {
      if (in.isActive()) {
        in.cancelCopy();
      }
    }
  }

  private static CopyManager manager(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }
}
