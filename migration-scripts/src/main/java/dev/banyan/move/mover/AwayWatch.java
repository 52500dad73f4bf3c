package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.move.cutover.RetainedLog;
import dev.banyan.move.cutover.RetainedLog.Level;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the log that the owner's server keeps while the mover waits for a database that is away: the time when a slot
 * grows most. Used by one thread.
 */
final class AwayWatch {

  private static final Logger LOG = LoggerFactory.getLogger(AwayWatch.class);

  private final Workspace space;
  private final MoverListener listener;
  private final SlotGivingUp givingUp;
  private final LogAlarm alarm;

  AwayWatch(Workspace space, MoverListener listener) {
    this.space = space;
    this.listener = listener;
    this.givingUp = new SlotGivingUp(space);
    this.alarm = new LogAlarm(space.control(), listener);
  }

  /** Looks once; does nothing where the monolith or the owner does not answer. */
  void look() throws InterruptedException {
    try {
      Optional<Extraction> record = space.control().find(space.module()).filter(found -> !found.phase().isEnded());
      Optional<RetainedLog> log = record.flatMap(found -> givingUp.measure(found.owner()));
      if (log.isPresent()) {
        alarm.hear(record.get(), log.get());
        if (log.get().level() == Level.PAST) {
          giveUp();
        }
      }
    } catch (SQLException | RuntimeException e) {
      LOG.debug("log not watched: {}", e.toString());
    }
  }

  private void giveUp() throws SQLException, InterruptedException {
    // Another mover may have taken over; then it is the one to judge.
    try (MoverLock lock = MoverLock.take(space.monolith(), space.module())) {
      lock.requireHeld();
      givingUp.giveUp(space.control().get(space.module())).ifPresent(done -> listener.say(done.message()));
    }
  }
}
