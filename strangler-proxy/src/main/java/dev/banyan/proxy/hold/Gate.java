package dev.banyan.proxy.hold;

import dev.banyan.proxy.route.ModuleState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The gate that every write of one module goes through.
 *
 * <p>Idea: a write is let through and counted in one step, and a new route version comes into force in another; one
 * lock keeps the two apart. So a write is counted under the version that let it through, or meets the next one.
 *
 * <p>Invariant: once {@link #settled()} has answered with a held version, no write of the module is in flight
 * and none is let through before {@link #apply} brings a version that is not held.
 *
 * <p>Each waiting write ends in exactly one way: let through, refused, or withdrawn by whoever brought it. Those let
 * through go in the order of their arrival. Calls out are made without the lock. Safe for use by several threads, with
 * one thread at a time in {@code apply}.
 */
public final class Gate {

  /** What a gate shows at one moment. */
  public record View(ModuleState state, int inFlight, int waiting, long notSent) {}

  /** A route version that this gate keeps to without exception. */
  public record Settled(long version, boolean held) {}

  private final Object lock = new Object();
  private final HoldBudget budget;
  private final LongSupplier nanoTime;
  private final Runnable whenDrained;
  /** Deadlines, in order of arrival. */
  private final Map<HeldWrite, Long> waiting = new LinkedHashMap<>();
  private volatile ModuleState state;
  private int inFlight;
  private long notSent;
  private @Nullable Long controlLostAt;

  /**
   * Creates a gate without writes.
   *
   * @param state what holds for the module now
   * @param budget shared with the other gates
   * @param nanoTime as {@link System#nanoTime()}
   * @param whenDrained called when the last write in flight ended during a hold; must return at once
   */
  public Gate(ModuleState state, HoldBudget budget, LongSupplier nanoTime, Runnable whenDrained) {
    this.state = state;
    this.budget = budget;
    this.nanoTime = nanoTime;
    this.whenDrained = whenDrained;
  }

  /** Returns what holds for the module now; reads are routed by it, without the lock. */
  public ModuleState state() {
    return state;
  }

  /** Decides on a new write, and counts it in the same step. */
  public Admission admit(HeldWrite write) {
    synchronized (lock) {
      if (!state.isHeld()) {
        return new Admission.Passed(enter());
      }
      if (isControlLost()) {
        return refused(Refusal.CONTROL_LOST);
      }
      if (!budget.take()) {
        return refused(Refusal.TOO_MANY_HELD);
      }
      waiting.put(write, nanoTime.getAsLong() + state.maxHold().toNanos());
      return new Admission.Waits();
    }
  }

  /**
   * Takes a waiting write back, because its time is over or its client has gone.
   *
   * @return whether it was still waiting; only then is it the caller's again
   */
  public boolean withdraw(HeldWrite write) {
    synchronized (lock) {
      if (waiting.remove(write) == null) {
        return false;
      }
      budget.giveBack(1);
      notSent++;
      return true;
    }
  }

  /** Brings what holds for the module from now on; ends the hold if the new version is not held. */
  public void apply(ModuleState next) {
    List<Runnable> calls;
    synchronized (lock) {
      state = next;
      controlLostAt = null;
      calls = next.isHeld() ? List.of() : release();
    }
    calls.forEach(Runnable::run);
  }

  /** Tells that the control tables are out of reach; what is held stays held, and no longer than it may. */
  public void controlLost() {
    synchronized (lock) {
      if (controlLostAt == null) {
        controlLostAt = nanoTime.getAsLong();
      }
    }
  }

  /** Returns the present version, if it is settled: held versions are once no write is in flight, others at once. */
  public Optional<Settled> settled() {
    synchronized (lock) {
      boolean held = state.isHeld();
      return held && inFlight > 0 ? Optional.empty() : Optional.of(new Settled(state.version(), held));
    }
  }

  /** Returns the numbers of this moment. */
  public View view() {
    synchronized (lock) {
      return new View(state, inFlight, waiting.size(), notSent);
    }
  }

  private Admission refused(Refusal refusal) {
    notSent++;
    return new Admission.Refused(refusal);
  }

  private Pass enter() {
    inFlight++;
    return new Pass(state, this::leave);
  }

  private void leave() {
    boolean drained;
    synchronized (lock) {
      inFlight--;
      drained = inFlight == 0 && state.isHeld();
    }
    if (drained) {
      whenDrained.run();
    }
  }

  /** All of them are counted before the first is called: the next hold waits for them too. */
  private List<Runnable> release() {
    List<Runnable> calls = new ArrayList<>(waiting.size());
    long now = nanoTime.getAsLong();
    waiting.forEach((write, deadline) -> calls.add(now - deadline < 0 ? passed(write) : tooLate(write)));
    budget.giveBack(waiting.size());
    waiting.clear();
    return calls;
  }

  private Runnable passed(HeldWrite write) {
    Pass pass = enter();
    return () -> write.pass(pass);
  }

  private Runnable tooLate(HeldWrite write) {
    notSent++;
    return () -> write.refuse(Refusal.HELD_TOO_LONG);
  }

  /** Whoever ends a hold in time would have done so by then; each further write would wait for nothing. */
  private boolean isControlLost() {
    Long lostAt = controlLostAt;
    return lostAt != null && nanoTime.getAsLong() - lostAt > state.maxHold().toNanos();
  }
}
