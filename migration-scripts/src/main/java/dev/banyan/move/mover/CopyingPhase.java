package dev.banyan.move.mover;

import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.copy.Copier;
import dev.banyan.move.copy.DeferredIndexes;
import dev.banyan.move.copy.DeferredIndexes.Deferred;
import dev.banyan.move.copy.Statistics;
import dev.banyan.move.cutover.Replication;
import dev.banyan.move.database.CopyLedger;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.SlotState;
import dev.banyan.move.stream.Follower;
import dev.banyan.move.stream.LostValueException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Phase COPYING: copy the rows, with a {@linkplain CopyBreak break} where the brake says so; give those of older snapshots
 * what they lack, build the indexes, catch up. What is stored tells which of it is done, so that a session that takes over
 * goes on where the last one ended.
 */
final class CopyingPhase {

  private static final Duration TELL_EVERY = Duration.ofSeconds(2);

  private final Session session;
  private @Nullable Background background;
  private final CopyBrake brake;
  private volatile String work = "working";

  /** A step of the phase; answers whether the next one may follow. */
  private interface Step {
    boolean run() throws SQLException, InterruptedException;
  }

  CopyingPhase(Session session) {
    this.session = session;
    this.brake = new CopyBrake(session);
  }

  /** Goes on until the service follows the monolith; ends earlier where the extraction does, or the copy begins anew. */
  void run() throws SQLException, InterruptedException {
    dropLostSlot();
    for (Step step : List.<Step>of(this::copy, this::buildKeys, this::passSnapshots, this::buildIndexes, this::catchUp)) {
      if (!step.run() || isEnded()) {
        return;
      }
    }
  }

  /** One that is of no use any more is like none: the copy begins anew. */
  private void dropLostSlot() throws InterruptedException {
    if (replication().slotState().filter(SlotState::isLost).isPresent()) {
      replication().dropSlot();
    }
  }

  private boolean isEnded() {
    return session.record().phase().isEnded();
  }

  /** Returns what is being done where nothing is streamed, in words. */
  String work() {
    return brake.reason().orElse(work);
  }

  /** Breaks off what goes on in the background, and waits until nothing of it does. */
  void stop() {
    Background current = background;
    background = null;
    if (current != null) {
      current.stop();
    }
  }

  private boolean copy() throws SQLException, InterruptedException {
    while (!isEnded() && !isCopied()) {
      buildKeys();
      brake.look();
      if (brake.stops()) {
        stand();
      } else {
        copyOn();
      }
    }
    session.space().pauses().forget(session.link().module());
    return true;
  }

  private boolean isCopied() {
    return ledger().isConcluded() && replication().hasSlot();
  }

  private void stand() throws SQLException, InterruptedException {
    try {
      new CopyBreak(session, brake, ledger()).run();
    } catch (StreamEndedException e) {
      beginAnewWhereAValueIsLost(e);
    }
  }

  private void copyOn() throws SQLException, InterruptedException {
    if (!mayGoOn(replication())) {
      replication().dropSlot();
      session.space().progress().begin(session.link().module());
    }
    work = "copying";
    say("Copying %d tables.".formatted(session.link().tables().size()));
    CopyTally tally = new CopyTally(session.space().progress(), session.link().module());
    Copier copier = new Copier(session.link(), session.space().plan().limits(), epoch(), tally, brake);
    attendTo(Background.start("banyan-copy-all", copier::copy, copier::abort), () -> tell(tally), brake::isOverdue);
    tally.publish();
    if (!isEnded()) {
      say("Copied %,d rows, %,d rows/s%s.".formatted(tally.total() - tally.kept(), tally.rate(),
          tally.kept() == 0 ? "" : "; %,d more were there before the interruption".formatted(tally.kept())));
    }
  }

  private Replication replication() {
    return new Replication(session.link(), Owner.MONOLITH);
  }

  /** What was copied can be kept as long as the slot holds all that came after. */
  private boolean mayGoOn(Replication replication) {
    Optional<Lsn> from = ledger().neededFrom();
    if (from.isEmpty()) {
      if (ledger().isConcluded()) {
        beginAnew("the slot is gone, and what was committed since the copy began with it");
      }
      return false;
    }
    if (!replication.holdsAllBehind(from.get())) {
      beginAnew("the slot no longer holds what was committed since the copy began");
      return false;
    }
    return true;
  }

  private void beginAnew(String reason) {
    ledger().giveUp(epoch());
    session.control().record(session.record(), "copy.given-up", Map.of("reason", reason));
    say("The copy has to begin anew: %s.".formatted(reason));
  }

  private void tell(CopyTally tally) {
    tally.publish();
    if (brake.waits()) {
      return;
    }
    long expected = session.link().tables().stream().mapToLong(table -> table.monolith().estimatedRows()).sum();
    say(!tally.waiting().isEmpty() ? tally.waiting()
        : "Copied %,d of about %,d rows, %,d rows/s.".formatted(tally.total(), expected, tally.rate()));
  }

  /** Where ranges were copied under several snapshots, rows of the older ones lack what was committed until the newest. */
  private boolean passSnapshots() throws SQLException, InterruptedException {
    Optional<Lsn> newest = ledger().newest();
    if (newest.isEmpty()) {
      return true;
    }
    say("Streaming to the rows of older snapshots what was committed until %s.".formatted(newest.get()));
    session.follower(Follower.followCopied(session.link(), ledger(), newest.get(), epoch()));
    work = "streaming";
    try {
      awaitStop();
    } catch (StreamEndedException e) {
      beginAnewWhereAValueIsLost(e);
      return false;
    }
    if (!isEnded()) {
      session.stopFollowing();
      ledger().pass(newest.get(), epoch());
    }
    return true;
  }

  private void beginAnewWhereAValueIsLost(StreamEndedException e) {
    if (!(e.getCause() instanceof LostValueException lost)) {
      throw e;
    }
    session.stopFollowing();
    beginAnew(String.valueOf(lost.getMessage()));
  }

  private void awaitStop() throws SQLException, InterruptedException {
    // Something must come behind the position, or the follower would not know that it has reached it.
    session.follower().mark();
    while (!isEnded() && !session.follower().hasStopped()) {
      session.requireStreaming();
      session.tick();
    }
  }

  /**
   * Before anything is applied: without its key, a row is not found but by reading all of them. Keys are set aside for a
   * copy that nothing interrupts; one that goes on may have to delete, which a published table without a key refuses.
   */
  private boolean buildKeys() throws SQLException, InterruptedException {
    return build(indexes().pendingKeys());
  }

  private boolean buildIndexes() throws SQLException, InterruptedException {
    return build(indexes().pending());
  }

  private DeferredIndexes indexes() {
    return new DeferredIndexes(session.link().service(), session.link().module());
  }

  private boolean build(List<Deferred> pending) throws SQLException, InterruptedException {
    for (int i = 0; i < pending.size() && !isEnded(); i++) {
      Deferred index = pending.get(i);
      work = "building index %d of %d, %s".formatted(i + 1, pending.size(), index.name());
      say("%s.".formatted(work.replaceFirst("^b", "B")));
      build(indexes(), index);
    }
    work = "working";
    return true;
  }

  private void build(DeferredIndexes indexes, Deferred index) throws SQLException, InterruptedException {
    try {
      attendTo(Background.start("banyan-index", () -> indexes.build(index, epoch()), indexes::abort), () -> { }, () -> false);
    } catch (SQLException e) {
      if (Failures.mayPass(e)) {
        throw e;
      }
      // Not as its cause: the innermost message is the one that people see.
      SQLException told = new SQLException(("Index %s cannot be built on the copied rows: %s. The rows, the slot and its"
          + " definition are kept: remove what is in its way, or make an index of that name yourself, and run again; or cancel.")
          .formatted(index.name(), e.getMessage()), e.getSQLState());
      told.addSuppressed(e);
      throw told;
    }
  }

  private boolean catchUp() throws SQLException, InterruptedException {
    session.follower(Follower.follow(session.link(), Owner.MONOLITH, epoch()));
    work = "streaming";
    say("Streaming what was committed meanwhile.");
    CompletableFuture<Void> caughtUp = session.follower().mark();
    Statistics statistics = new Statistics(session.link().service(), session.link().names(Owner.SERVICE));
    Background gathering = Background.start("banyan-analyze", statistics::gather, statistics::abort);
    attendTo(gathering, session::requireStreaming, () -> false);
    while (!caughtUp.isDone() && !isEnded()) {
      session.requireStreaming();
      session.tick();
    }
    if (!isEnded()) {
      session.record(session.control().advance(session.record(), Phase.IN_SYNC, Map.of()));
      say("In sync: the service's tables follow the monolith's.");
    }
    return true;
  }

  private interface Meanwhile {
    void run() throws SQLException;
  }

  private void attendTo(Background started, Meanwhile meanwhile, BooleanSupplier enough) throws SQLException, InterruptedException {
    background = started;
    try {
      long tellAt = System.nanoTime() + TELL_EVERY.toNanos();
      while (!started.endsWithin(Session.TICK) && !isEnded() && !enough.getAsBoolean()) {
        session.attend();
        if (System.nanoTime() > tellAt) {
          meanwhile.run();
          tellAt += TELL_EVERY.toNanos();
        }
      }
      if (!isEnded() && started.isDone()) {
        started.requireDone();
      }
    } finally {
      stop();
    }
  }

  private CopyLedger ledger() {
    return new CopyLedger(session.link().service(), session.link().module());
  }

  private long epoch() {
    return session.record().epoch();
  }

  private void say(String sentence) {
    session.listener().say(sentence);
  }
}
