package dev.banyan.move.cutover;

import dev.banyan.control.Certificates;
import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.control.Proxies;
import dev.banyan.control.StaleMoverException;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.stream.Follower;
import dev.banyan.move.verify.ChangedProof;
import dev.banyan.move.verify.ChangedSince;
import dev.banyan.move.verify.KeySets;
import dev.banyan.move.verify.RowDifference;
import dev.banyan.move.verify.TableResult;
import dev.banyan.move.verify.VerifyReport;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a module's tables to the other side, in either direction; a rollback is the same switch with the sides swapped.
 *
 * <p>Idea: stop the writers, let what they wrote arrive, and change one record.
 *
 * <ol>
 *   <li><b>Prepare</b>, with nothing held: the way back gets a slot and a stream, which is proven alive by a mark.
 *   <li><b>Hold</b>: proxies keep new writes waiting, let those in flight finish, and acknowledge.
 *   <li><b>Fence</b> the owner. After that nobody writes on either side.
 *   <li><b>Mark</b> the owner's log, and wait until the other side has applied everything before the mark.
 *   <li><b>Prove</b> the rows that have changed since the certificates: now every row is known to be equal.
 *   <li><b>Sequences</b> forward; the way back is <b>turned</b>: what comes behind this point, and only that, flows back.
 *   <li><b>Open</b> the new owner's fence in a transaction that is not committed yet.
 *   <li><b>Decide</b>: one record. Before it everything can only be taken back, after it only carried forward.
 *   <li>Commit the opening, route to the new owner, release what was held, begin the stream back.
 * </ol>
 *
 * <p>Invariants: at most one side accepts writes; what was acknowledged before the fence is applied on the other side
 * before that side opens; directions change only while both sides stand still. A failure before the decision is taken
 * back here, or by {@link Settlement} where this process is gone; after it, settling carries the switch forward.
 */
public final class Switch {

  private static final Logger LOG = LoggerFactory.getLogger(Switch.class);
  private static final Duration PREPARED_WITHIN = Duration.ofSeconds(60);
  private static final Duration QUIET_WITHIN = Duration.ofSeconds(10);
  // Autovacuum gives way after deadlock_timeout, 1 s as a rule; nobody else can be in the way behind a fence.
  private static final Duration GIVE_WAY = Duration.ofMillis(1_500);
  private static final Duration IN_THE_WAY = Duration.ofMillis(200);

  private final Link link;
  private final ControlPlane control;
  private final Proxies proxies;
  private final Certificates certificates;
  private final Limits limits;

  /** Creates a switch within these limits. */
  public Switch(Link link, ControlPlane control, Proxies proxies, Certificates certificates, Limits limits) {
    this.link = link;
    this.control = control;
    this.proxies = proxies;
    this.certificates = certificates;
    this.limits = limits;
  }

  /**
   * What a switch leaves behind.
   *
   * @param record the extraction with its new owner
   * @param follower what keeps the former owner in step from now on
   * @param report how long each step took
   */
  public record Switched(Extraction record, Follower follower, SwitchReport report) {}

  /**
   * Switches.
   *
   * @param before the record, with the owner that gives up the tables
   * @param forward what keeps the other side in step; closed by this method where the switch succeeds
   * @throws SwitchCancelledException if it was cancelled; everything is as it was before
   * @throws UnsettledSwitchException if only the record can tell; the extraction must be taken over and settled anew
   */
  public Switched run(Extraction before, Follower forward) throws InterruptedException {
    try (Attempt attempt = new Attempt(before, forward)) {
      return run(attempt);
    }
  }

  private Switched run(Attempt attempt) throws InterruptedException {
    try {
      attempt.prepare();
      attempt.holdAndFence();
      attempt.standStill();
    } catch (StaleMoverException e) {
      // Another mover has settled, or will; nothing here is this one's any more.
      attempt.closeBackward();
      throw e;
    } catch (InterruptedException e) {
      try {
        attempt.takeBack("the mover was stopped");
      } catch (UnsettledSwitchException again) {
        e.addSuppressed(again);
      }
      throw e;
    } catch (SQLException | TimeoutException | RuntimeException e) {
      attempt.takeBack(String.valueOf(e.getMessage()));
      throw e instanceof SwitchCancelledException cancelled ? cancelled
          : new SwitchCancelledException("The switch was cancelled before its point of no return: " + e.getMessage(), e);
    }
    return attempt.decideAndOpen();
  }

  /** One run of a switch and what it has changed so far. */
  private final class Attempt implements AutoCloseable {

    private final Extraction before;
    private final Owner from;
    private final Owner to;
    private final Follower forward;
    private final Replication back;
    private @Nullable Follower backward;
    private @Nullable Sequences sequences;
    private @Nullable ChangedProof proof;
    private Extraction current;
    private SwitchReport report = new SwitchReport();
    private Lsn turnedAt = Lsn.ZERO;
    private FenceTriggers.@Nullable Opening opening;

    Attempt(Extraction before, Follower forward) {
      this.before = before;
      this.current = before;
      this.from = before.owner();
      this.to = before.owner().other();
      this.forward = forward;
      this.back = new Replication(link, to);
    }

    void prepare() throws SQLException, InterruptedException, TimeoutException {
      control.record(current, "switch.preparing", Map.of("to", to.word()));
      back.dropSlot();
      back.createSlot(PREPARED_WITHIN);
      backward = Follower.warm(link, to);
      sequences = Sequences.of(link, to);
      proof = ChangedProof.prepare(link, from, certificates);
      proof.rehearse();
      backward().awaitCaughtUp(PREPARED_WITHIN);
      forward.awaitCaughtUp(PREPARED_WITHIN);
      awaitQuiet(from);
      awaitQuiet(to);
      control.record(current, "switch.prepared", Map.of());
    }

    private Follower backward() {
      return Objects.requireNonNull(backward);
    }

    void closeBackward() {
      if (backward != null) {
        backward.close();
      }
    }

    private void awaitQuiet(Owner side) throws InterruptedException {
      Blockers blockers = new Blockers(link, side);
      long deadline = System.nanoTime() + QUIET_WITHIN.toNanos();
      List<String> inTheWay = blockers.openFor(IN_THE_WAY);
      while (!inTheWay.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new SwitchCancelledException("Transactions on the moved tables of the %s do not end: %s".formatted(
              side.word(), String.join("; ", inTheWay)));
        }
        Thread.sleep(50);
        inTheWay = blockers.openFor(IN_THE_WAY);
      }
    }

    void holdAndFence() throws SQLException, InterruptedException {
      for (int attempt = 1; ; attempt++) {
        try {
          hold();
          new FenceTriggers(link, from).raise(current.epoch(), limits.fenceTimeout());
          report.ended("fence");
          control.record(current, "switch.fenced", Map.of("side", from.word()));
          return;
        } catch (FenceTriggers.BlockedException e) {
          // Traffic goes on before the next attempt: those who wait must not wait for all of them.
          current = control.release(current);
          if (attempt == limits.fenceAttempts()) {
            throw new SwitchCancelledException("%s, %d times. In the way: %s".formatted(e.getMessage(), attempt,
                String.join("; ", new Blockers(link, from).openFor(Duration.ZERO))), e);
          }
          LOG.info("fence attempt {} of {}: {}", attempt, limits.fenceAttempts(), e.getMessage());
          Thread.sleep(200L * attempt);
        }
      }
    }

    private void hold() throws InterruptedException {
      report = new SwitchReport();
      current = control.hold(current);
      List<String> behind = proxies.behind(current.module(), current.routeVersion());
      while (!behind.isEmpty()) {
        requireTimeLeft("proxies did not hold the writes in time: " + behind);
        Thread.sleep(1);
        behind = proxies.behind(current.module(), current.routeVersion());
      }
      report.ended("hold");
    }

    void standStill() throws SQLException, InterruptedException, TimeoutException {
      forward.awaitCaughtUp(timeLeft("the owner's last changes were not applied in time"));
      // Sealed: heartbeats still come, but from here only the switch writes on the other side.
      forward.stopBehind(Lsn.ZERO);
      report.ended("marker");
      prove();
      report.ended("prove");
      Objects.requireNonNull(sequences).forward();
      report.ended("sequences");
      turnedAt = backward().turn(timeLeft("the way back did not come to a standstill in time"));
      storeTurn();
      report.ended("turn");
      opening = new FenceTriggers(link, to).prepareOpening(current.epoch() + 1,
          atMost(GIVE_WAY, timeLeft("the new owner's tables were not to be locked in time")));
      report.ended("prepare-opening");
      requireTimeLeft("max-pause was used up");
    }

    private void prove() throws SQLException, InterruptedException, TimeoutException {
      ChangedProof changed = Objects.requireNonNull(proof);
      changed.prove(() -> timeLeft("the rows that have changed since the certificate could not be compared in time"));
      if (!changed.report().isEqual()) {
        changed.certify(current);
        throw new SwitchCancelledException(differing(changed.report()));
      }
      // The way back must not depend on a certificate: it may be needed because things are not as they should be.
      if (!changed.unprovable().isEmpty() && to == Owner.SERVICE) {
        throw new SwitchCancelledException("What has changed since the certificate cannot be proven: %s. Verify anew.".formatted(
            reasons(changed.unprovable())));
      }
      report.proved(changed.report().rows(), reasons(changed.unprovable()));
    }

    private String differing(VerifyReport found) {
      return ("%d of %d rows that have changed since the certificate differ: %s."
          + " See which with `banyan verify PLAN`, and repair them with `--repair`").formatted(found.differing(), found.rows(),
          found.tables().stream().filter(table -> !table.isEqual()).map(this::differing).collect(Collectors.joining(", ")));
    }

    private String differing(TableResult table) {
      return table.name() + " " + table.samples().stream().map(RowDifference::masked).collect(Collectors.joining("; "));
    }

    private String reasons(List<ChangedSince> unprovable) {
      return unprovable.stream().map(table -> table.table() + ", " + table.unprovable().orElse(""))
          .collect(Collectors.joining("; "));
    }

    /** From here the former owner will follow; stored before the decision, so that whoever carries on finds it. */
    private void storeTurn() {
      int stored = link.database(from).jdbi().withHandle(handle -> handle.execute(
          "update banyan.side set applied = ?::pg_lsn where module = ? and epoch = ?",
          turnedAt.toString(), current.module(), current.epoch()));
      if (stored != 1) {
        throw new StaleMoverException(current.module(), current.epoch());
      }
      new KeySets(link).carryOver(to, current.epoch());
    }

    Switched decideAndOpen() throws InterruptedException {
      try {
        decide();
        return follow();
      } catch (InterruptedException e) {
        closeBackward();
        throw e;
      } catch (SQLException | RuntimeException e) {
        // Decided or not, only the record can tell; whoever reads it next settles the rest.
        closeBackward();
        throw new UnsettledSwitchException(e);
      }
    }

    private void decide() throws SQLException {
      try (FenceTriggers.Opening prepared = Objects.requireNonNull(opening)) {
        current = control.decide(current, Map.of("turnedAt", turnedAt.toString()));
        report.ended("decide");
        prepared.open();
      }
      report.ended("open");
      current = control.release(current);
      report.released();
    }

    private Switched follow() throws SQLException, InterruptedException {
      raiseEpochOfFormerOwner();
      forward.close();
      backward().begin(turnedAt, current.epoch());
      Objects.requireNonNull(proof).certify(current);
      control.record(current, "switch.done", report.asMap());
      new Replication(link, from).dropSlot();
      return new Switched(current, backward(), report);
    }

    private void raiseEpochOfFormerOwner() {
      link.database(from).jdbi().useHandle(handle -> handle.execute(
          "update banyan.side set epoch = ? where module = ? and epoch < ?", current.epoch(), current.module(), current.epoch()));
    }

    void takeBack(String reason) throws InterruptedException {
      LOG.warn("switch of '{}' is taken back: {}", before.module(), reason);
      // Whoever stops the mover waits for this; an interrupt would break it off at the first statement.
      boolean interrupted = Thread.interrupted();
      try {
        if (opening != null) {
          opening.close();
        }
        current = new Settlement(link, control, limits.fenceTimeout()).settle(current);
        control.record(current, "switch.cancelled", Map.of("reason", reason));
        forward.goOn();
        closeBackward();
        back.dropSlot();
      } catch (SQLException | RuntimeException e) {
        closeBackward();
        throw new UnsettledSwitchException(e);
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void close() {
      if (proof != null) {
        proof.close();
      }
    }

    private Duration atMost(Duration most, Duration left) {
      return left.compareTo(most) < 0 ? left : most;
    }

    private Duration timeLeft(String otherwise) {
      Duration left = limits.maxPause().minusNanos(report.heldNanos());
      if (left.isNegative() || left.isZero()) {
        throw new SwitchCancelledException("max-pause of %d ms is used up: %s"
            .formatted(limits.maxPause().toMillis(), otherwise));
      }
      return left;
    }

    private void requireTimeLeft(String otherwise) {
      timeLeft(otherwise);
    }
  }
}
