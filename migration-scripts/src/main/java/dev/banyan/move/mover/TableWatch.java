package dev.banyan.move.mover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.FenceTriggers;
import dev.banyan.move.cutover.protocol.BlockedException;
import dev.banyan.move.database.ExclusiveLocks;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.PublishedTables;
import dev.banyan.move.database.TableName;
import dev.banyan.move.stream.ShapeChangedException;
import dev.banyan.move.stream.TargetColumns;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, every second, for what somebody has done to the moved tables that the log does not tell of: a partition
 * that was added is open to whoever writes to it by its own name, what is not published is not followed, and a column of the
 * other side may have become another.
 */
final class TableWatch {

  private static final Logger LOG = LoggerFactory.getLogger(TableWatch.class);
  private static final String UNDEFINED_TABLE = "42P01";
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Session session;
  private final Set<TableName> told = new HashSet<>();
  private long next = System.nanoTime();
  private @Nullable Followed followed;

  private record Followed(Owner side, TargetColumns columns) {}

  TableWatch(Session session) {
    this.session = session;
  }

  /**
   * Looks, where it is time to.
   *
   * @param streaming false where the stream stands still; only the fence is looked at then
   * @throws NotFollowedException if the stream does not tell of every change any more
   * @throws ShapeChangedException if what it writes to is not what it was
   */
  void look(boolean streaming) throws SQLException {
    if (System.nanoTime() - next >= 0) {
      if (!isSomebodysAlone()) {
        look(session.record().owner(), streaming);
      }
      next = System.nanoTime() + EVERY.toNanos();
    }
  }

  private void look(Owner owner, boolean streaming) throws SQLException {
    if (streaming) {
      publication(new PublishedTables(session.link(), owner));
    }
    if (session.record().phase().isFollowing()) {
      if (streaming) {
        columns(owner.other());
      }
      fence(owner.other());
    }
  }

  /** The next look comes soon; one that waits keeps the mover from everything else. */
  private boolean isSomebodysAlone() {
    Link link = session.link();
    return Arrays.stream(Owner.values()).anyMatch(side -> ExclusiveLocks.areHeld(link.database(side), link.names(side)));
  }

  private void publication(PublishedTables published) {
    if (!published.deviations().isEmpty()) {
      throw new NotFollowedException("The stream no longer tells of every change.");
    }
    List<TableName> silent = published.withoutIdentity();
    silent.stream().filter(told::add).forEach(table -> session.listener().say(("PostgreSQL refuses updates and deletes on %s, a partition of"
        + " a moved table: it is published and has no replica identity. Give it one: alter table %s replica identity full;")
        .formatted(table, table.sql())));
  }

  private void columns(Owner side) {
    Followed current = followed;
    if (current == null || current.side() != side) {
      current = new Followed(side, new TargetColumns(session.link(), side));
      followed = current;
    }
    current.columns().look();
  }

  private void fence(Owner side) throws SQLException {
    FenceTriggers fence = new FenceTriggers(session.link(), side);
    try {
      // The check says what has gone, and the stream stands still until it is back.
      if (!fence.isRaised() && fence.hasAllTables()) {
        fence.raise(session.record().epoch(), session.space().plan().limits().fenceTimeout());
        session.listener().say("The fence of the %s was fitted to its tables as they are now.".formatted(side.word()));
      }
    } catch (SQLException e) {
      if (!UNDEFINED_TABLE.equals(e.getSQLState())) {
        throw e;
      }
      LOG.debug("a table has gone while it was to be fenced: {}", e.getMessage());
    } catch (BlockedException e) {
      session.listener().say("The fence of the %s is not closed yet: %s".formatted(side.word(), e.getMessage()));
    }
  }
}
