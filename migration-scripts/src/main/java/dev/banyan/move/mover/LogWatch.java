package dev.banyan.move.mover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.RetainedLog;
import dev.banyan.move.cutover.RetainedLog.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the log that the owner's server keeps for the move, as long as a session lives, be it halted or paused. It is
 * measured on a thread of its own, for a server may not answer; what follows from it is done by the session's thread.
 */
final class LogWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Session session;
  private final SlotGivingUp givingUp;
  private final LogAlarm alarm;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
    Thread thread = new Thread(work, "banyan-log-watch");
    thread.setDaemon(true);
    return thread;
  });
  private volatile Optional<RetainedLog> measured = Optional.empty();
  private boolean over;

  LogWatch(Session session) {
    this.session = session;
    this.givingUp = new SlotGivingUp(session.space());
    this.alarm = new LogAlarm(session.control(), session.listener());
    timer.scheduleWithFixedDelay(this::measure, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void measure() {
    try {
      measured = givingUp.measure(session.record().owner());
    } catch (RuntimeException e) {
      // A database that is away is noticed by the stream and by the lock.
      LOG.debug("log not measured: {}", e.toString());
    }
  }

  /** Returns what was measured last of the present owner's slot. */
  Optional<RetainedLog> measured() {
    Owner owner = session.record().owner();
    return measured.filter(log -> log.owner() == owner);
  }

  /**
   * Warns, and gives the slot up where it retains too much; called where no switch is under way.
   *
   * @throws SlotGivenUpException if the stream cannot go on; not where it stands still already
   */
  void attend() throws InterruptedException {
    Optional<RetainedLog> log = measured();
    if (over || log.isEmpty() || session.record().phase().isEnded()) {
      return;
    }
    alarm.hear(session.record(), log.get());
    if (log.get().level() == Level.PAST) {
      giveUp();
    } else if (log.get().level() == Level.LOST) {
      requireNotLost();
    }
  }

  private void giveUp() throws InterruptedException {
    Optional<SlotGivingUp.GivenUp> done = givingUp.giveUp(session.record());
    if (done.isPresent()) {
      session.record(done.get().record());
      end(done.get().message());
    }
  }

  /** Known at once, and not when the stream meets the gap: a copy would go on for hours in vain. */
  private void requireNotLost() throws InterruptedException {
    // Measured a moment ago; the copy may have dropped that slot since, and begun anew with another.
    Optional<RetainedLog> now = givingUp.measure(session.record().owner()).filter(log -> log.level() == Level.LOST);
    if (now.isPresent()) {
      end(givingUp.unusable(session.record(), Optional.of(now.get().slot())));
    }
  }

  private void end(String message) throws InterruptedException {
    over = true;
    if (session.halted().isPresent()) {
      session.haltedFor(session.halted().get() + "\n  " + message);
      session.listener().say("Still halted: " + message);
      return;
    }
    session.stopCopying();
    session.stopFollowing();
    throw new SlotGivenUpException(message);
  }

  /**
   * Returns normally only if what goes on may keep the session's thread busy any longer.
   *
   * @throws Refused if the slot retains too much
   */
  void requireTime() {
    measured().filter(log -> log.level() == Level.PAST).ifPresent(log -> {
      throw new Refused("Broken off: %s.".formatted(log));
    });
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
