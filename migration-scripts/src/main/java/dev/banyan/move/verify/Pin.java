package dev.banyan.move.verify;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.ExportedSnapshot;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.stream.Follower;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;

/**
 * Both sides at one position of the owner's log.
 *
 * <p>Pinned, not retried: a temporary slot on the owner gives a snapshot with a position; the follower runs up to exactly
 * there and stands still while a snapshot of the other side is opened; then it runs again, and the two snapshots are
 * compared at leisure. Equal means equal, different means different. Nothing of it outlives its connections.
 *
 * @param position position of the owner's log
 * @param at when both sides stood there, or a moment before
 * @param ours the owner's side
 * @param theirs the other side
 */
record Pin(Lsn position, Instant at, SideSnapshot ours, SideSnapshot theirs) implements AutoCloseable {

  private static final Duration SNAPSHOT_WITHIN = Duration.ofSeconds(10);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(60);

  /** What is done while the other side stands still at the position. */
  interface Standstill {
    void act(SideSnapshot ours) throws SQLException, InterruptedException;
  }

  /**
   * Brings both sides to one position.
   *
   * @param connections how many to each side
   * @param standstill done before the other side's snapshot is opened, which shows its effects
   * @throws TimeoutException if the other side did not reach the position in time
   */
  static Pin take(Link link, Follower follower, int connections, Standstill standstill)
      throws SQLException, InterruptedException, TimeoutException {
    Database owner = link.database(follower.owner());
    SideSnapshot ours = SideSnapshot.connect(owner, connections);
    try {
      SideSnapshot theirs = SideSnapshot.connect(link.database(follower.owner().other()), connections);
      try {
        return take(owner, slot(link), follower, standstill, ours, theirs);
      } catch (SQLException | InterruptedException | TimeoutException | RuntimeException e) {
        theirs.close();
        throw e;
      }
    } catch (SQLException | InterruptedException | TimeoutException | RuntimeException e) {
      ours.close();
      throw e;
    }
  }

  private static Pin take(Database owner, String slot, Follower follower, Standstill standstill, SideSnapshot ours,
      SideSnapshot theirs) throws SQLException, InterruptedException, TimeoutException {
    Instant at = Instant.now();
    // The slot's position is not known before it is made, but it cannot lie before this one.
    follower.stopBehind(now(owner));
    try (ExportedSnapshot snapshot = ExportedSnapshot.temporary(owner, slot, SNAPSHOT_WITHIN)) {
      follower.stopBehind(snapshot.position());
      ours.importFrom(snapshot::importInto);
      // Something must come behind the position, or the follower would not know that it has reached it.
      follower.mark();
      follower.awaitStop(STOP_WITHIN);
      standstill.act(ours);
      theirs.open();
      return new Pin(snapshot.position(), at, ours, theirs);
    } finally {
      follower.goOn();
    }
  }

  private static String slot(Link link) {
    return "banyan_" + link.module() + "_verify_" + ProcessHandle.current().pid();
  }

  private static Lsn now(Database database) {
    return Lsn.parse(database.jdbi().withHandle(handle ->
        handle.createQuery("select pg_current_wal_insert_lsn()::text").mapTo(String.class).one()));
  }

  /** A question to both sides at once. */
  interface Question<T> {
    T ask(Connection here, Connection there) throws SQLException;
  }

  /** Asks with one connection to each side, as soon as both are free. */
  <T> T ask(Question<T> question) throws SQLException, InterruptedException {
    return SideSnapshot.join(ours.ask(here -> {
      try {
        return SideSnapshot.join(theirs.ask(there -> question.ask(here, there)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SQLException("interrupted", e);
      }
    }));
  }

  /** Tells whether both servers compute hashes alike. */
  boolean hasOneVersion() throws SQLException {
    return ours.majorVersion() == theirs.majorVersion();
  }

  @Override
  public void close() {
    ours.close();
    theirs.close();
  }
}
