package dev.banyan.move.cutover.protocol;

import dev.banyan.control.Extraction;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Lsn;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One run of a switch: which step comes next, and what those before it have found. Whoever runs it calls
 * {@link #advance} until it {@link #isEnded has ended}, and after a failure {@link #takeBack}, where that is still possible.
 */
public final class SwitchRun {

  private static final List<SwitchStep> FORTH = List.of(SwitchStep.values());

  private final Extraction before;
  private Extraction current;
  private Lsn turnedAt = Lsn.ZERO;
  private List<? extends Step> steps = FORTH;
  private int next;
  private boolean begun;
  private int attempts;
  private @Nullable BlockedException blocked;
  private @Nullable String reason;

  /** Begins a switch away from the owner of this record. */
  public SwitchRun(Extraction before) {
    this.before = before;
    this.current = before;
  }

  /** Returns a run that has come as far as this one, and goes on by itself. */
  public SwitchRun copy() {
    SwitchRun copy = new SwitchRun(before);
    copy.current = current;
    copy.turnedAt = turnedAt;
    copy.steps = steps;
    copy.next = next;
    copy.begun = begun;
    copy.attempts = attempts;
    copy.blocked = blocked;
    copy.reason = reason;
    return copy;
  }

  /** Returns the step that comes next; there must be one. */
  public Step next() {
    return steps.get(next);
  }

  /** Tells whether it has been written down that the next step comes. */
  public boolean isBegun() {
    return begun;
  }

  /** Tells whether no step is left. */
  public boolean isEnded() {
    return next == steps.size();
  }

  /** Tells whether the switch is being taken back, or was. */
  public boolean isTakenBack() {
    return reason != null;
  }

  /** Tells whether a failure now can be answered with {@link #takeBack}. */
  public boolean canBeTakenBack() {
    return isGoingForth() && !FORTH.get(next).isDecisive();
  }

  /**
   * Goes on by one act: writes down which step comes, or runs it.
   *
   * @throws dev.banyan.control.StaleMoverException if another mover has taken over; nothing of the switch is this one's any more
   */
  public void advance(SwitchActs acts) throws SQLException, InterruptedException, TimeoutException {
    if (blocked != null) {
      letTrafficThrough(acts, blocked);
    } else if (!begun) {
      acts.begin(current, next().name());
      begun = true;
    } else {
      run(acts);
    }
  }

  private void run(SwitchActs acts) throws SQLException, InterruptedException, TimeoutException {
    try {
      next().run(acts, this);
      goTo(next + 1);
    } catch (BlockedException e) {
      if (next() != SwitchStep.FENCE) {
        throw e;
      }
      blocked = e;
    }
  }

  /** Those who wait must not wait for all attempts. */
  private void letTrafficThrough(SwitchActs acts, BlockedException reasonOfBlock) throws SQLException, InterruptedException {
    if (current.held()) {
      become(acts.release(current));
    } else {
      attempts++;
      acts.pauseBetweenAttempts(current, attempts, reasonOfBlock);
      blocked = null;
      goTo(SwitchStep.HOLD.ordinal());
    }
  }

  /** Takes the switch back from here; the steps that do so come next. */
  public void takeBack(String because) {
    if (!canBeTakenBack()) {
      throw new IllegalStateException("A switch that has come to %s cannot be taken back".formatted(isEnded() ? "its end" : next().name()));
    }
    reason = because;
    blocked = null;
    steps = TakingBack.STEPS;
    goTo(0);
  }

  private boolean isGoingForth() {
    return steps.equals(FORTH) && !isEnded();
  }

  /** Tells whether a failure now can be answered with {@link #carryOn}: it is known that the new owner owns. */
  public boolean canBeCarriedOn() {
    return isGoingForth() && current.owner() == to();
  }

  /**
   * Carries the switch forward from here by what settles a move; the steps that do so come next. Clients are served then, and
   * whoever takes the extraction over next begins the way back.
   */
  public void carryOn() {
    if (!canBeCarriedOn()) {
      throw new IllegalStateException("A switch that has come to %s cannot be carried on".formatted(isEnded() ? "its end" : next().name()));
    }
    steps = Settling.STEPS;
    goTo(0);
  }

  private void goTo(int step) {
    next = step;
    begun = false;
  }

  /** Returns the side that gives the tables up. */
  public Owner from() {
    return before.owner();
  }

  /** Returns the side that gets them. */
  public Owner to() {
    return before.owner().other();
  }

  /** Returns the record as this run knows it. */
  public Extraction current() {
    return current;
  }

  void become(Extraction changed) {
    current = changed;
  }

  /** Returns where the way back begins; zero before that is known. */
  public Lsn turnedAt() {
    return turnedAt;
  }

  void turn(Lsn at) {
    turnedAt = at;
  }

  /** Returns why the switch is taken back. */
  public String reason() {
    return String.valueOf(reason);
  }
}
