package dev.banyan.move.cutover;

import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.protocol.SettlingActs;
import dev.banyan.move.database.Link;
import java.sql.SQLException;
import java.time.Duration;

/** Settling on the two databases. Waits for locks in short turns, and lets traffic through in between. */
class DatabaseSettling implements SettlingActs {

  // Behind a fence nobody writes, so nobody is kept waiting; but autovacuum gives way only after deadlock_timeout, 1 s.
  private static final Duration FENCED_LOCK_TIMEOUT = Duration.ofSeconds(5);

  private final Link link;
  private final ControlPlane control;
  private final Duration lockTimeout;

  DatabaseSettling(Link link, ControlPlane control, Duration lockTimeout) {
    this.link = link;
    this.control = control;
    this.lockTimeout = lockTimeout;
  }

  @Override
  public final void requireCurrent(Extraction record) {
    control.requireCurrent(record);
  }

  @Override
  public final void install(Owner side, long epoch) throws SQLException, InterruptedException {
    FenceTriggers.persistently(() -> fence(side).install(epoch, lockTimeout));
  }

  @Override
  public final void adopt(Owner side, long epoch) {
    fence(side).adopt(epoch);
  }

  @Override
  public final void close(Owner side, long epoch) throws SQLException, InterruptedException {
    if (!fence(side).isRaised()) {
      FenceTriggers.persistently(() -> fence(side).raise(epoch, lockTimeout));
    }
  }

  @Override
  public final void open(Owner side, long epoch) throws SQLException, InterruptedException {
    // Only where it is raised: the lock would wait for writers, and theirs is the right of way.
    if (!fence(side).isLowered()) {
      FenceTriggers.persistently(() -> fence(side).lower(epoch, FENCED_LOCK_TIMEOUT));
    }
  }

  @Override
  public final Extraction release(Extraction record) {
    return control.release(record);
  }

  private FenceTriggers fence(Owner side) {
    return new FenceTriggers(link, side);
  }

  final Link link() {
    return link;
  }

  final ControlPlane control() {
    return control;
  }
}
