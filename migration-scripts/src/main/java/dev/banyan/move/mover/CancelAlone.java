package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Checker;
import dev.banyan.move.cutover.Replication;
import dev.banyan.move.cutover.Settlement;
import dev.banyan.move.database.Link;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Cancels a move that the monolith owns while the service does not answer and a mover could not begin. The monolith is open
 * afterwards and keeps no log; the rest is taken away by the next {@code run}, as of any ending that was broken off.
 */
public final class CancelAlone {

  private static final Duration LOCKED_WITHIN = Duration.ofSeconds(5);

  private final Workspace space;

  /** Creates it for one plan. */
  public CancelAlone(Workspace space) {
    this.space = space;
  }

  /**
   * Cancels.
   *
   * @return what is answered
   * @throws Refused if the service answers, a mover has the move, or the service owns; nothing has changed
   */
  public Map<String, Object> run() throws SQLException, InterruptedException {
    requirePossible();
    try (MoverLock lock = MoverLock.take(space.monolith(), space.module(), LOCKED_WITHIN)) {
      lock.requireHeld();
      requireCancellable();
      Extraction taken = space.control().takeOver(space.module());
      try {
        cancel(taken);
      } finally {
        space.progress().gone(space.module(), Optional.empty());
      }
    }
    return Map.of("message", ("The move of module '%s' is cancelled; the monolith owns it. What the move made is taken away when both databases"
        + " answer: banyan run %s. Until then the service's tables stay as they are.").formatted(space.module(), space.plan().file()),
        "module", space.module(), "phase", Phase.CANCELLED.name());
  }

  /**
   * Asks what {@link #run} asks before anything else.
   *
   * @throws Refused if the service answers, or the service owns
   */
  public void requirePossible() {
    requireServiceAway();
    requireCancellable();
  }

  private void cancel(Extraction taken) throws SQLException, InterruptedException {
    Link link = MonolithAlone.link(space);
    if (taken.phase() != Phase.CANCELLED) {
      recordCancelled(link, taken);
    }
    // Under the mover's lock, so that whoever still reads it is a connection that was lost.
    new Replication(link, Owner.MONOLITH).takeSlotAway();
  }

  private void recordCancelled(Link link, Extraction taken) throws SQLException, InterruptedException {
    Extraction opened = taken.phase().isFollowing()
        ? new Settlement(link, space.control(), space.plan().limits().fenceTimeout()).openOwnerAlone(taken) : taken;
    Extraction back = new ReadsBack(space).takeBack(opened, "cancelled");
    space.control().advance(back, Phase.CANCELLED, Map.of("keepData", true, "withoutService", space.service().address().masked()));
  }

  private void requireServiceAway() {
    Checker checker = space.checker();
    if (checker.isReachable()) {
      throw new Refused("cancel of '%s' without the service refused: both databases answer. Cancel it by its mover: banyan run %s, then banyan cancel %s"
          .formatted(space.module(), space.plan().file(), space.plan().file()));
    }
    if (!checker.hasReached(Owner.MONOLITH)) {
      throw new Refused("cancel of '%s' refused:".formatted(space.module()), checker.found());
    }
  }

  /** One that was broken off is finished, or its slot would keep the monolith's log until the service is back. */
  private void requireCancellable() {
    Extraction record = space.control().get(space.module());
    boolean brokenOff = record.phase() == Phase.CANCELLED && !space.control().isCleaned(space.module());
    if (!brokenOff && !record.phase().mayBecome(Phase.CANCELLED)) {
      throw new Refused("cancel of '%s' refused: the phase is %s, needed: one before WRITES_SWITCHED.".formatted(space.module(), record.phase()));
    }
  }
}
