package dev.banyan.move.cutover;

import dev.banyan.control.Certificates;
import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.control.Proxies;
import dev.banyan.control.StaleMoverException;
import dev.banyan.move.cutover.protocol.Step;
import dev.banyan.move.cutover.protocol.StepGate;
import dev.banyan.move.cutover.protocol.SwitchRun;
import dev.banyan.move.cutover.protocol.SwitchStep;
import dev.banyan.move.database.Link;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.stream.Follower;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a module's tables to the other side, in either direction; a rollback is the same switch with the sides swapped.
 *
 * <p>Idea: stop the writers, let what they wrote arrive, and change one record. {@link SwitchStep} says in which order.
 *
 * <p>Invariants: at most one side accepts writes; what was acknowledged before the fence is applied on the other side
 * before that side opens; directions change only while both sides stand still. A failure before the decision is taken
 * back here, or by {@link Settlement} where this process is gone; after it, settling carries the switch forward.
 */
public final class Switch {

  private static final Logger LOG = LoggerFactory.getLogger(Switch.class);

  private final Link link;
  private final ControlPlane control;
  private final Proxies proxies;
  private final Certificates certificates;
  private final Limits limits;
  private final StepGate gate;

  /** Creates a switch within these limits; each step passes the gate before it runs. */
  public Switch(Link link, ControlPlane control, Proxies proxies, Certificates certificates, Limits limits, StepGate gate) {
    this.link = link;
    this.control = control;
    this.proxies = proxies;
    this.certificates = certificates;
    this.limits = limits;
    this.gate = gate;
  }

  /**
   * How a switch is to be done.
   *
   * @param terminateBlockers whether sessions with transactions on the moved tables are ended, in place of being cancelled by them
   * @param renewal what brings the certificates up to date while traffic goes on, so that little is left to prove
   */
  public record Wish(boolean terminateBlockers, Renewal renewal) {}

  /** Compares what has changed since the certificates. */
  public interface Renewal {

    /** Compares it; fails where it differs. */
    void renew() throws SQLException, InterruptedException, TimeoutException;
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
   * @param wish what was asked for besides
   * @throws SwitchCancelledException if it was cancelled; everything is as it was before
   * @throws UnsettledSwitchException if only the record can tell; the extraction must be taken over and settled anew
   */
  public Switched run(Extraction before, Follower forward, Wish wish) throws InterruptedException {
    try (DatabaseSwitch acts = new DatabaseSwitch(link, control, proxies, certificates, limits, forward, wish)) {
      SwitchRun run = new SwitchRun(before);
      Exception failure = toTheDecision(run, acts);
      if (failure != null) {
        takeBack(run, acts, failure);
      }
      return carryForward(run, acts);
    }
  }

  /** Returns why the decision was not reached; null where it comes next. */
  private @Nullable Exception toTheDecision(SwitchRun run, DatabaseSwitch acts) {
    try {
      while (run.canBeTakenBack()) {
        advance(run, acts);
      }
      return null;
    } catch (SQLException | TimeoutException | InterruptedException | RuntimeException e) {
      return e;
    }
  }

  private void advance(SwitchRun run, DatabaseSwitch acts) throws SQLException, InterruptedException, TimeoutException {
    Step step = run.next();
    if (run.isBegun()) {
      gate.pass(step);
    }
    run.advance(acts);
    if (step instanceof SwitchStep done && done.isHeld() && !run.isBegun()) {
      acts.report().ended(done);
    }
  }

  private void takeBack(SwitchRun run, DatabaseSwitch acts, Exception failure) throws InterruptedException {
    if (failure instanceof StaleMoverException stale) {
      // Another mover has settled, or will; nothing here is this one's any more.
      acts.endWayBack();
      throw stale;
    }
    String reason = failure instanceof InterruptedException ? "the mover was stopped" : String.valueOf(failure.getMessage());
    LOG.warn("switch of '{}' is taken back: {}", run.current().module(), reason);
    // Whoever stops the mover waits for this; an interrupt would break it off at the first statement.
    boolean interrupted = Thread.interrupted();
    try {
      run.takeBack(reason);
      while (!run.isEnded()) {
        advance(run, acts);
      }
    } catch (SQLException | TimeoutException | InterruptedException | RuntimeException e) {
      failure.addSuppressed(e);
      openOwnerAlone(run, failure);
      acts.endWayBack();
      if (!(failure instanceof InterruptedException)) {
        throw new UnsettledSwitchException(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    rethrow(failure);
  }

  /**
   * The owner must not stay closed for as long as the other side is away; the rest is settled when that is back. Under this
   * run's own epoch: where another mover has taken over, it is refused.
   */
  private void openOwnerAlone(SwitchRun run, Exception failure) {
    try {
      new Settlement(link, control, limits.fenceTimeout()).openOwnerAlone(run.current());
    } catch (SQLException | InterruptedException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static void rethrow(Exception failure) throws InterruptedException {
    if (failure instanceof InterruptedException stopped) {
      throw stopped;
    }
    throw failure instanceof SwitchCancelledException cancelled ? cancelled : SwitchCancelledException.failed(failure);
  }

  /** Decided or not, only the record can tell where this fails; whoever reads it next settles the rest. */
  private Switched carryForward(SwitchRun run, DatabaseSwitch acts) throws InterruptedException {
    try {
      while (!run.isEnded()) {
        advance(run, acts);
      }
      return new Switched(run.current(), acts.wayBack(), acts.report());
    } catch (InterruptedException e) {
      acts.endWayBack();
      throw e;
    } catch (SQLException | TimeoutException | RuntimeException e) {
      carryOn(run, acts, e);
      acts.endWayBack();
      throw new UnsettledSwitchException(e);
    }
  }

  /**
   * Clients must not wait until the streams have ended; with lost connections that takes its time. Nor must they for the former
   * owner, where that does not answer: it is closed.
   */
  private void carryOn(SwitchRun run, DatabaseSwitch acts, Exception failure) {
    if (!run.canBeCarriedOn()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      run.carryOn();
      while (!run.isEnded()) {
        advance(run, acts);
      }
    } catch (SQLException | TimeoutException | InterruptedException | RuntimeException e) {
      failure.addSuppressed(e);
      openOwnerAlone(run, failure);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
