package dev.banyan.move.mover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.Replication;
import dev.banyan.move.cutover.RetainedLog;
import dev.banyan.move.cutover.RetainedLog.Level;
import dev.banyan.move.database.CopyLedger;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.stream.Follower;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A break of the copy: nothing is read for it, no snapshot and no lock is held, and the stream brings the rows that are
 * copied up to date, so that the slot moves on and its server can take the log away.
 *
 * <p>Idea: keys that are not copied yet will be, under a snapshot that is taken after the break. Whatever the stream has
 * reached by then lies before that snapshot, so of their changes nothing has to be applied; and of those of the others
 * exactly what would have been applied after the copy. A break is the beginning of that, early.
 */
final class CopyBreak {

  /** A server moves a slot's beginning on at a checkpoint, or every 15 s. */
  private static final Duration FREED_WITHIN = Duration.ofSeconds(20);

  private final Session session;
  private final CopyBrake brake;
  private final CopyLedger ledger;

  CopyBreak(Session session, CopyBrake brake, CopyLedger ledger) {
    this.session = session;
    this.brake = brake;
    this.ledger = ledger;
  }

  /** Stands until the brake lets the copy go on, and the stream has caught up. */
  void run() throws SQLException, InterruptedException {
    String reason = brake.reason().orElse("");
    session.control().record(session.record(), "copy.stands", Map.of("reason", reason));
    session.space().pauses().inForce(session.space().module());
    session.listener().say("The %s. The ranges that are copied stay.".formatted(reason));
    if (hasRows()) {
      stream();
    } else {
      waitWithoutSlot();
    }
    if (!isEnded()) {
      session.control().record(session.record(), "copy.goes-on", Map.of());
    }
  }

  private boolean hasRows() {
    Optional<Lsn> needed = ledger.neededFrom();
    return needed.isPresent() && replication().holdsAllBehind(needed.get());
  }

  /** The copy will begin anew, with a slot of its own; this one would retain log for nobody. */
  private void waitWithoutSlot() throws SQLException, InterruptedException {
    replication().dropSlot();
    while (!isEnded() && brake.stops()) {
      tick();
    }
  }

  private void stream() throws SQLException, InterruptedException {
    ledger.streamBeforeTheEnd(session.record().epoch());
    Follower follower = Follower.followCopied(session.link(), ledger, Lsn.LAST, session.record().epoch());
    session.follower(follower);
    CompletableFuture<Void> caughtUp = follower.mark();
    while (!isEnded() && !caughtUp.isDone()) {
      session.requireStreaming();
      tick();
    }
    long freedUntil = System.nanoTime() + FREED_WITHIN.toNanos();
    // Both are asked each time: that nothing more is freed is what ends the brake.
    while (!isEnded() && (!isFreed(freedUntil) | brake.stops())) {
      session.requireStreaming();
      tick();
    }
    session.stopFollowing();
  }

  private boolean isFreed(long until) {
    Optional<RetainedLog> log = session.logWatch().measured();
    boolean freed = log.filter(found -> found.level().compareTo(Level.WARNING) >= 0).isEmpty();
    if (freed || System.nanoTime() > until) {
      brake.caughtUp(log.map(found -> found.slot().retainedBytes()).orElse(0L));
      return true;
    }
    return false;
  }

  private void tick() throws SQLException, InterruptedException {
    session.tick();
    brake.look();
  }

  private boolean isEnded() {
    return session.record().phase().isEnded();
  }

  private Replication replication() {
    return new Replication(session.link(), Owner.MONOLITH);
  }
}
