package dev.banyan.move.mover;

import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.control.Intents;
import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Checked;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.Replication;
import dev.banyan.move.cutover.Settlement;
import dev.banyan.move.cutover.protocol.StepGate;
import dev.banyan.move.database.Lifeline;
import dev.banyan.move.database.Link;
import dev.banyan.move.stream.Follower;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One take-over of an extraction: from taking the lock to its end, or to the first failure. Whatever an earlier session
 * left half done is settled first; then the phases are gone through one by one.
 */
final class Session implements AutoCloseable {

  static final Duration TICK = Duration.ofMillis(50);
  private static final Duration CHECK_EVERY = Duration.ofSeconds(2);
  private static final Duration STRAY_EVERY = Duration.ofSeconds(5);

  private final Workspace space;
  private final MoverListener listener;
  private final StepGate gate;
  private final MoverLock lock;
  private final Lifeline lifeline;
  private final Link link;
  /** What was found before this session had settled anything. */
  private final Checked checked;
  private final Settlement settlement;
  private final Pulse pulse;
  private final KeyUpkeep upkeep;
  private final LogWatch logWatch;
  private volatile Extraction record;
  private volatile @Nullable Follower follower;
  private final CopyingPhase copying = new CopyingPhase(this);
  private volatile Optional<String> halted = Optional.empty();
  private final TableWatch tables = new TableWatch(this);

  Session(Workspace space, MoverListener listener, StepGate gate, MoverLock lock, Lifeline lifeline, Checked checked, Extraction record) {
    this.space = space;
    this.listener = listener;
    this.gate = gate;
    this.lock = lock;
    this.lifeline = lifeline;
    this.link = space.link(checked.tables());
    this.checked = checked;
    this.record = record;
    this.settlement = new Settlement(link, space.control(), space.plan().limits().fenceTimeout());
    this.pulse = new Pulse(space.progress(), () -> this.record, () -> this.follower, this::halted,
        copying::work);
    this.upkeep = new KeyUpkeep(link, () -> this.follower);
    this.logWatch = new LogWatch(this);
  }

  /** Carries what was left half done to the state that the record says, and nothing further. */
  void settle() throws SQLException, InterruptedException {
    if (record.phase().isEnded()) {
      new Ending(this).finish();
    } else {
      settleWhatWasLeft();
    }
    endInterruptedIntent();
  }

  /** Carries the extraction on until it has ended. */
  void serve() throws SQLException, InterruptedException, TimeoutException {
    settle();
    try {
      requireNothingInTheWay();
      goThroughPhases();
    } catch (SQLException | TimeoutException | RuntimeException e) {
      if (Failures.isForLackOfResources(e)) {
        showInterruption(e);
      }
      if (Failures.mayPass(e) || Failures.endsTheMover(e)) {
        throw e;
      }
      halt(e);
    }
    listener.say("Module '%s' is %s.".formatted(space.module(), record.phase()));
  }

  /** It is tried again for as long as it takes, and whoever asks for the status has to see why nothing moves. */
  private void showInterruption(Exception reason) {
    pulse.close();
    try {
      space.progress().seen(record, "interrupted: " + Failures.message(reason), Optional.empty(), Optional.empty(), Optional.empty());
    } catch (RuntimeException again) {
      reason.addSuppressed(again);
    }
  }

  private void requireNothingInTheWay() {
    if (record.phase() != Phase.PLANNED && !record.phase().isEnded() && !checked.isClear()) {
      throw new NotFollowedException("Module '%s' cannot be moved on:".formatted(space.module()));
    }
  }

  private void goThroughPhases() throws SQLException, InterruptedException, TimeoutException {
    while (!record.phase().isEnded()) {
      switch (record.phase()) {
        case PLANNED -> publish();
        case COPYING -> copying.run();
        default -> follow();
      }
    }
  }

  /**
   * What went wrong goes wrong again, so nothing is tried; but the move can still be ended. Where a check finds what is in
   * the way, a table that has changed for instance, the stream goes on as soon as it is gone.
   */
  private void halt(Exception reason) throws SQLException, InterruptedException {
    stopFollowing();
    List<Finding> inTheWay = inTheWay();
    if (inTheWay.isEmpty() && (Failures.isShapeChanged(reason) || reason instanceof NotFollowedException)) {
      throw new AgreedAgainException();
    }
    halted = Optional.of(Failures.message(reason) + inTheWay.stream().map(finding -> "\n  " + finding).collect(Collectors.joining()));
    space.control().record(record, "halted", Map.of("reason", halted.get()));
    listener.say("Halted: %s".formatted(halted.get()));
    if (record.phase() == Phase.READS_SWITCHED) {
      record = new ReadsBack(space).takeBack(record, "halted");
      listener.say("The reads go to the monolith again, for the service's rows follow no more.");
    }
    long checkAt = System.nanoTime() + CHECK_EVERY.toNanos();
    while (!record.phase().isEnded()) {
      tick();
      if (System.nanoTime() > checkAt) {
        // What could not be applied to the tables as they were may be applied to what they are now.
        boolean changed = !inTheWay.isEmpty() || !link.isUpToDate();
        inTheWay = inTheWay();
        if (changed && inTheWay.isEmpty()) {
          throw new AgreedAgainException();
        }
        checkAt = System.nanoTime() + CHECK_EVERY.toNanos();
      }
    }
  }

  /** Returns what a check finds now. */
  List<Finding> inTheWay() {
    return space.checker().duringTheMove().findings();
  }

  /** Returns why the stream stands still for good; empty where it does not. */
  Optional<String> halted() {
    return halted;
  }

  /** Says why the stream stands still, where more has become known of it. */
  void haltedFor(String reason) {
    halted = Optional.of(reason);
  }

  /** Returns what is known of the log that the owner's server keeps. */
  LogWatch logWatch() {
    return logWatch;
  }

  private void settleWhatWasLeft() throws SQLException, InterruptedException {
    record = settlement.settle(record);
    if (record.phase().isFollowing()) {
      settlement.dropOtherSlot(record);
    }
  }

  private void endInterruptedIntent() {
    space.intents().withdrawForgotten(space.module());
    space.intents().open(space.module())
        .filter(intent -> intent.state() == Intents.State.RUNNING)
        .ifPresent(intent -> new IntentDesk(this).endInterrupted(intent, record));
  }

  private void publish() {
    new Replication(link, Owner.MONOLITH).publish();
    new Replication(link, Owner.SERVICE).publish();
    record = space.control().advance(record, Phase.COPYING, Map.of());
  }

  private void follow() throws SQLException, InterruptedException {
    if (follower == null) {
      SlotGivingUp givingUp = new SlotGivingUp(space);
      record = givingUp.finish(record);
      givingUp.requireSlot(record);
      startFollowing();
      listener.say("Streaming from the %s.".formatted(record.owner().word()));
    }
    long strayAt = System.nanoTime();
    while (record.phase().isFollowing()) {
      requireStreaming();
      tick();
      if (System.nanoTime() > strayAt && record.phase().isFollowing()) {
        settlement.dropStraySlot(record);
        new FormerUse(space).note(record);
        strayAt = System.nanoTime() + STRAY_EVERY.toNanos();
      }
    }
  }

  /** Fails where the stream has ended by itself, or what reads the log without anybody's being told. */
  void requireStreaming() throws SQLException {
    CompletableFuture<Optional<Throwable>> ended = follower().ended();
    if (ended.isDone()) {
      throw new StreamEndedException(ended.join().orElse(null));
    }
    follower().requireRead();
  }

  /** Waits a moment and {@linkplain #attend attends} to what has come up. */
  void tick() throws SQLException, InterruptedException {
    Thread.sleep(TICK.toMillis());
    attend();
  }

  /** Makes sure that this mover is still the one, and carries out what was asked of it meanwhile. */
  void attend() throws SQLException, InterruptedException {
    lock.requireHeld();
    lifeline.requireAlive();
    pulse.requireCurrent();
    watch();
    logWatch.attend();
    Optional<Intent> intent = space.intents().open(space.module());
    if (intent.isPresent() && intent.get().state() == Intents.State.REQUESTED) {
      takeNewShapesOver();
    }
    if (intent.isPresent() && intent.get().state() == Intents.State.REQUESTED && space.intents().begin(intent.get())) {
      new IntentDesk(this).carryOut(intent.get());
    }
  }

  private void watch() throws SQLException {
    if (record.phase().isFollowing() || record.phase() == Phase.COPYING) {
      tables.look(halted.isEmpty());
    }
  }

  /** Breaks off what goes on in the background, and waits until nothing of it does. */
  void stopCopying() {
    copying.stop();
  }

  /** A column that nothing was written to since it came would be neither compared nor followed back. */
  private void takeNewShapesOver() {
    if (record.phase().isFollowing() && halted.isEmpty() && !link.isUpToDate() && inTheWay().isEmpty()) {
      throw new AgreedAgainException();
    }
  }

  Workspace space() {
    return space;
  }

  Link link() {
    return link;
  }

  Extraction record() {
    return record;
  }

  void record(Extraction changed) {
    record = changed;
  }

  ControlPlane control() {
    return space.control();
  }

  MoverListener listener() {
    return listener;
  }

  StepGate gate() {
    return gate;
  }

  Follower follower() {
    Follower current = follower;
    if (current == null) {
      throw new Refused(halted.map("The move of module '%s' is halted: %%s".formatted(space.module())::formatted)
          .orElseGet(() -> "Nothing is streamed yet; the phase is %s.".formatted(record.phase())));
    }
    return current;
  }

  /** Puts a follower in the place of the former one, which is closed already. */
  void follower(Follower next) {
    follower = next;
  }

  /** Begins to follow the owner, from where the other side has got to. */
  void startFollowing() throws SQLException {
    follower = Follower.follow(link, record.owner(), record.epoch());
  }

  /** Ends the stream, where there is one. */
  void stopFollowing() {
    Follower current = follower;
    follower = null;
    if (current != null) {
      current.close();
    }
  }

  /** Says that nobody serves the extraction any more. */
  void leave() {
    pulse.close();
    space.progress().gone(space.module(), Optional.empty());
  }

  @Override
  public void close() throws SQLException {
    pulse.close();
    upkeep.close();
    logWatch.close();
    stopFollowing();
    lifeline.close();
    lock.close();
  }
}
