package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.FenceTriggers;
import dev.banyan.move.cutover.Settlement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * Opens the monolith's tables while the service does not answer: a switch that was broken off before its decision has closed
 * them, and nobody could write until the service is back. The other way round there is nothing to do, since the record of
 * who owns is in the monolith's database.
 */
final class OwnerRescue {

  private final Workspace space;

  OwnerRescue(Workspace space) {
    this.space = space;
  }

  /** Tells whether the monolith owns and its tables are closed, or its writes held. */
  boolean isNeeded() throws SQLException {
    Optional<Extraction> record = space.control().isInstalled() ? space.control().find(space.module()) : Optional.empty();
    return record.isPresent() && record.get().owner() == Owner.MONOLITH && record.get().phase().isFollowing()
        && (record.get().held() || !new FenceTriggers(MonolithAlone.link(space), Owner.MONOLITH).isLowered());
  }

  /**
   * Opens them, where it is needed.
   *
   * @throws Refused if another mover has the move; it does this by itself
   */
  void rescue() throws SQLException, InterruptedException {
    if (isNeeded()) {
      try (MoverLock lock = MoverLock.take(space.monolith(), space.module())) {
        lock.requireHeld();
        // Whoever had the lock may have done it, or given the module away.
        if (isNeeded()) {
          reopen();
        }
      }
    }
  }

  private void reopen() throws SQLException, InterruptedException {
    Extraction taken = space.control().takeOver(space.module());
    try {
      new Settlement(MonolithAlone.link(space), space.control(), space.plan().limits().fenceTimeout()).openOwnerAlone(taken);
      space.control().record(taken, "owner.reopened", Map.of("owner", taken.owner().word()));
    } finally {
      // The take-over looks like a mover that starts.
      space.progress().gone(space.module(), Optional.empty());
    }
  }
}
