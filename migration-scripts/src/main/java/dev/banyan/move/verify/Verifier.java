package dev.banyan.move.verify;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.ExportedSnapshot;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.stream.Follower;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Compares both sides at one position of the owner's log.
 *
 * <p>Pinned, not retried: a temporary slot on the owner gives a snapshot with a position; the follower runs up to exactly
 * there and stands still while a snapshot of the other side is opened; then it runs again, and the two snapshots are
 * compared at leisure. Equal means equal, different means different.
 */
public final class Verifier {

  private static final Duration SNAPSHOT_WITHIN = Duration.ofSeconds(10);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(60);

  private final Link link;
  private final Follower follower;

  /** Creates a verifier for what {@code follower} keeps in step. */
  public Verifier(Link link, Follower follower) {
    this.link = link;
    this.follower = follower;
  }

  /**
   * Compares all moved tables.
   *
   * @throws TimeoutException if the other side did not reach the position in time
   */
  public VerifyReport verify() throws SQLException, InterruptedException, TimeoutException {
    Database owner = link.database(follower.owner());
    Database other = link.database(follower.owner().other());
    try (Connection ours = owner.connect(); Connection theirs = other.connect()) {
      Lsn position = pin(owner, ours, theirs);
      return new VerifyReport(position, compare(ours, theirs));
    }
  }

  private Lsn pin(Database owner, Connection ours, Connection theirs)
      throws SQLException, InterruptedException, TimeoutException {
    // The slot's position is not known before it is made, but it cannot lie before this one.
    follower.stopBehind(now(owner));
    String slot = "banyan_" + link.module() + "_verify_" + ProcessHandle.current().pid();
    try (ExportedSnapshot snapshot = ExportedSnapshot.temporary(owner, slot, SNAPSHOT_WITHIN)) {
      follower.stopBehind(snapshot.position());
      snapshot.importInto(ours);
      // Something must come behind the position, or the follower would not know that it has reached it.
      follower.mark();
      follower.awaitStop(STOP_WITHIN);
      openSnapshot(theirs);
      return snapshot.position();
    } finally {
      follower.goOn();
    }
  }

  private static Lsn now(Database database) {
    return Lsn.parse(database.jdbi().withHandle(handle ->
        handle.createQuery("select pg_current_wal_insert_lsn()::text").mapTo(String.class).one()));
  }

  private static void openSnapshot(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("set transaction isolation level repeatable read, read only");
      statement.execute("select pg_current_snapshot()");
    }
  }

  private List<TableResult> compare(Connection ours, Connection theirs) throws SQLException {
    boolean sameVersion = majorVersion(ours) == majorVersion(theirs);
    List<TableResult> results = new ArrayList<>();
    for (TableFlow table : link.flowsFrom(follower.owner())) {
      results.add(new TableComparison(table, ours, theirs, sameVersion).run());
    }
    return results;
  }

  private static int majorVersion(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseMajorVersion();
  }
}
