package dev.banyan.move.stream;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.ObjectNames;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices that one of a stream's two connections is lost and nobody was told, while all others carry on: whoever waits
 * for an answer of it waits for ever.
 *
 * <p>No time limit can tell that from a server that is busy, so the servers are asked. The owner's server ends a reader that it
 * hears nothing of for its {@code wal_sender_timeout}; a slot that nobody reads, with our stream still going, has lost
 * its reader. On the other side a process that does nothing, and has not begun with anything for a
 * while, will not answer what the applier is waiting for. Used by one thread.
 */
final class SilenceWatch {

  private static final Duration EVERY = Duration.ofSeconds(1);
  /** An answer may be on its way, and the applier may be slow to ask. */
  private static final Duration SILENT_FOR = Duration.ofSeconds(6);
  /** So long a stream takes to start at most; where it was lost before anybody looked, nobody has seen it read. */
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(30);
  private static final String IS_READ = "select active_pid is not null from pg_replication_slots where slot_name = ?";
  /**
   * The moment at which the process has fallen idle; none where it works, or where that is not to be known: a pooler in
   * between has numbers of its own, and a server need not track what its processes do.
   */
  private static final String IDLE_SINCE = """
      select state_change::text from pg_stat_activity
      where pid = ? and application_name like 'banyan:%' and state like 'idle%' and state_change is not null""";

  private final Supplier<Optional<AnswerAwaited>> awaited;
  private final Database owner;
  private final Database other;
  private final String slot;
  private final Silence reader = new Silence();
  private final Silence applier = new Silence();
  private boolean wasRead;
  private long next = System.nanoTime();

  SilenceWatch(Link link, Owner owner, Supplier<Optional<AnswerAwaited>> awaited) {
    this.awaited = awaited;
    this.owner = link.database(owner);
    this.other = link.database(owner.other());
    this.slot = ObjectNames.slot(link.module(), owner);
  }

  /** Something that stays as it is, and since when. */
  private static final class Silence {

    private @Nullable Object seen;
    private long since;

    /** Tells whether this was seen for long; null where there is nothing. */
    boolean lasts(Duration time, @Nullable Object now) {
      if (now == null || !now.equals(seen)) {
        seen = now;
        since = System.nanoTime();
      }
      return seen != null && System.nanoTime() - since > time.toNanos();
    }
  }

  private record Idle(AnswerAwaited awaited, String since) {}

  /**
   * Looks, where it is time to.
   *
   * @throws SQLException as a connection does that is lost
   */
  void look() throws SQLException {
    if (System.nanoTime() - next >= 0) {
      @Nullable Object unread = unread();
      if (reader.lasts(wasRead ? SILENT_FOR : STARTED_WITHIN, unread)) {
        throw new SQLException("the connection that reads the log of %s is lost; the server has ended it".formatted(owner), "08006");
      }
      if (applier.lasts(SILENT_FOR, unanswered())) {
        throw new SQLException("the connection that writes to %s is lost; the server waits as well".formatted(other), "08006");
      }
      next = System.nanoTime() + EVERY.toNanos();
    }
  }

  private @Nullable Object unread() {
    boolean read = owner.jdbi().withHandle(handle -> handle.createQuery(IS_READ).bind(0, slot).mapTo(Boolean.class).findOne()).orElse(false);
    wasRead |= read;
    return read ? null : slot;
  }

  private @Nullable Object unanswered() {
    Optional<AnswerAwaited> call = awaited.get();
    if (call.isEmpty()) {
      return null;
    }
    Optional<String> since = other.jdbi().withHandle(handle ->
        handle.createQuery(IDLE_SINCE).bind(0, call.get().backend()).mapTo(String.class).findOne());
    return since.map(idle -> new Idle(call.get(), idle)).orElse(null);
  }
}
