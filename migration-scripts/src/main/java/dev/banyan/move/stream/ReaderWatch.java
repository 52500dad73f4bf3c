package dev.banyan.move.stream;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.SlotState;
import dev.banyan.move.database.Unchanged;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Notices that the connection that reads an owner's log is lost and nobody was told. It waits for as long as nothing is
 * written, and the server for as long as it has nothing to send; but the server ends a reader that it hears nothing of
 * for its {@code wal_sender_timeout}, and a slot that nobody reads, with our stream still going, has lost its reader.
 * Used by one thread.
 */
final class ReaderWatch {

  private static final Duration EVERY = Duration.ofSeconds(1);
  /** The stream may be about to say itself that its reader has ended. */
  private static final Duration UNREAD_FOR = Duration.ofSeconds(6);
  /** So long a stream takes to start at most; where it was lost before anybody looked, nobody has seen it read. */
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(30);

  private final Database owner;
  private final String slot;
  private final Unchanged unread = new Unchanged();
  private boolean wasRead;
  private long next = System.nanoTime();

  ReaderWatch(Database owner, String slot) {
    this.owner = owner;
    this.slot = slot;
  }

  /**
   * Looks, where it is time to.
   *
   * @throws SQLException as a connection does that is lost
   */
  void look() throws SQLException {
    if (System.nanoTime() - next >= 0) {
      boolean read = SlotState.read(owner, slot).filter(SlotState::isRead).isPresent();
      wasRead |= read;
      if (unread.lasts(wasRead ? UNREAD_FOR : STARTED_WITHIN, read ? Optional.empty() : Optional.of(slot))) {
        throw new SQLException("the connection that reads the log of %s is lost; the server has ended it".formatted(owner), "08006");
      }
      next = System.nanoTime() + EVERY.toNanos();
    }
  }
}
