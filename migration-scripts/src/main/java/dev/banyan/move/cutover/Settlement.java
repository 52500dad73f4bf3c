package dev.banyan.move.cutover;

import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.move.database.Link;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Makes both databases and the routes what the extraction's record says they are.
 *
 * <p>Idea: the record is the single source of truth, and a switch changes its owner in one place only, at the point of
 * no return. So a switch that was broken off needs no memory of its own: before that point, settling takes it back; after
 * it, settling carries it forward. Every step does nothing where it finds its work done, and may be broken off, too.
 *
 * <p>Invariant: the side that does not own is fenced before the owner is opened.
 */
public final class Settlement {

  // Behind a fence nobody writes, so nobody is kept waiting; but autovacuum gives way only after deadlock_timeout, 1 s.
  private static final Duration FENCED_LOCK_TIMEOUT = Duration.ofSeconds(5);

  private final Link link;
  private final ControlPlane control;
  private final Duration lockTimeout;

  /** Creates a settlement that waits this long for locks, and lets traffic through before it tries again. */
  public Settlement(Link link, ControlPlane control, Duration lockTimeout) {
    this.link = link;
    this.control = control;
    this.lockTimeout = lockTimeout;
  }

  /** Settles everything that customers can notice; returns the record as it is afterwards. */
  public Extraction settle(Extraction record) throws SQLException, InterruptedException {
    control.requireCurrent(record);
    FenceTriggers owner = new FenceTriggers(link, record.owner());
    FenceTriggers other = new FenceTriggers(link, record.owner().other());
    FenceTriggers.persistently(() -> other.install(record.epoch(), lockTimeout));
    FenceTriggers.persistently(() -> owner.install(record.epoch(), lockTimeout));
    // The epoch first: from here a stale mover can no longer undo on either side what is found or made below.
    other.adopt(record.epoch());
    owner.adopt(record.epoch());
    if (!other.isRaised()) {
      FenceTriggers.persistently(() -> other.raise(record.epoch(), lockTimeout));
    }
    // Only where it is raised: the lock would wait for writers, and theirs is the right of way.
    if (!owner.isLowered()) {
      FenceTriggers.persistently(() -> owner.lower(record.epoch(), FENCED_LOCK_TIMEOUT));
    }
    return record.held() ? control.release(record) : record;
  }

  /** Drops the slot of the side that does not own: made for a switch that was cancelled, or left by one that was not. */
  public void dropOtherSlot(Extraction record) throws InterruptedException {
    new Replication(link, record.owner().other()).dropSlot();
  }
}
