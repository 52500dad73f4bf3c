package dev.banyan.proxy.hold;

import dev.banyan.proxy.route.ModuleState;
import dev.banyan.proxy.route.RequestPath;
import dev.banyan.proxy.route.RouteTable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The routes and gates in force.
 *
 * <p>Every request asks for the {@link Position} and is routed by it. A write, whichever way it goes, also
 * {@linkplain Position#enter() enters} the position, which fails if another one came into force meanwhile. Therefore a
 * write that an older table sent past a module's gate is known, and no hold is acknowledged before it has ended.
 * Safe for use by several threads.
 */
public final class Switchboard {

  /** One route table with its gates; it changes only when routes do, not with owner, percentage or hold. */
  public final class Position {

    private final RouteTable table;
    private final Map<String, Gate> gates;
    private final Era era = new Era();

    private Position(RouteTable table, Map<String, Gate> gates) {
      this.table = table;
      this.gates = Map.copyOf(gates);
    }

    /** Returns the module that claims the request; empty if it is the monolith's. */
    public Optional<RouteTable.Match> match(RequestPath path, String method) {
      return table.match(path, method);
    }

    /** Returns the gate of a module that this position's table names. */
    public Gate gate(String module) {
      Gate gate = gates.get(module);
      if (gate == null) {
        throw new IllegalArgumentException("No gate for module '%s'".formatted(module));
      }
      return gate;
    }

    /**
     * Counts a write that was routed by this position.
     *
     * @return false if the position is no longer in force; nothing was counted and the write has to be routed again
     */
    public boolean enter() {
      era.enter();
      // Counted first, looked up second: apply() puts the next position in force first and reads the count second.
      if (position == this) {
        return true;
      }
      leave();
      return false;
    }

    /** Ends what {@link #enter()} began. */
    public void leave() {
      if (era.leave()) {
        whenDrained.run();
      }
    }
  }

  private final HoldBudget budget;
  private final LongSupplier nanoTime;
  private final Runnable whenDrained;
  private final List<Era> earlier = new CopyOnWriteArrayList<>();
  private volatile @Nullable Position position;

  /**
   * Creates a switchboard that knows nothing yet.
   *
   * @param budget for the writes of all modules that wait
   * @param nanoTime as {@link System#nanoTime()}
   * @param whenDrained called when {@link #acknowledgeable()} may have more to tell; must return at once
   */
  public Switchboard(HoldBudget budget, LongSupplier nanoTime, Runnable whenDrained) {
    this.budget = budget;
    this.nanoTime = nanoTime;
    this.whenDrained = whenDrained;
  }

  /** Returns the routes in force; empty while nothing is known, when nobody may be sent anywhere. */
  public Optional<Position> position() {
    return Optional.ofNullable(position);
  }

  /**
   * Brings into force what holds for all modules.
   *
   * @return whether anything changed
   */
  public synchronized boolean apply(Collection<ModuleState> modules) {
    Map<String, ModuleState> states = new LinkedHashMap<>();
    modules.forEach(state -> states.put(state.module(), state));
    Map<String, Gate> before = gates();
    boolean changed = position == null || !states.equals(statesOf(before));
    if (changed) {
      establish(RouteTable.of(states.values()), gatesFor(states, before));
    }
    // After the new table: a write that it does not send to the gate has been counted by its era.
    before.forEach((module, gate) -> gate.apply(states.getOrDefault(module, gate.state().forgotten())));
    earlier.removeIf(Era::isDrained);
    return changed;
  }

  /** Tells every gate that the control tables are out of reach. */
  public void controlLost() {
    gates().values().forEach(Gate::controlLost);
  }

  /** Returns the version to acknowledge for each module of the control tables that has one. */
  public Map<String, Long> acknowledgeable() {
    Map<String, Gate.Settled> settled = new LinkedHashMap<>();
    gates().forEach((module, gate) -> {
      if (gate.state().isControlled()) {
        gate.settled().ifPresent(version -> settled.put(module, version));
      }
    });
    // Read after the gates: whatever was routed past a gate before it was held is among the earlier eras by now.
    if (!earlier.stream().allMatch(Era::isDrained)) {
      settled.values().removeIf(Gate.Settled::held);
    }
    Map<String, Long> versions = new LinkedHashMap<>();
    settled.forEach((module, version) -> versions.put(module, version.version()));
    return versions;
  }

  /** Returns the numbers of each module at this moment. */
  public List<Gate.View> views() {
    return gates().values().stream().map(Gate::view).toList();
  }

  private Map<String, Gate> gates() {
    Position present = position;
    return present == null ? Map.of() : present.gates;
  }

  private static Map<String, ModuleState> statesOf(Map<String, Gate> gates) {
    Map<String, ModuleState> states = new LinkedHashMap<>();
    gates.forEach((module, gate) -> states.put(module, gate.state()));
    return states;
  }

  private Map<String, Gate> gatesFor(Map<String, ModuleState> states, Map<String, Gate> before) {
    Map<String, Gate> gates = new LinkedHashMap<>();
    states.forEach((module, state) -> {
      Gate known = before.get(module);
      gates.put(module, known != null ? known : new Gate(state, budget, nanoTime, whenDrained));
    });
    return gates;
  }

  private void establish(RouteTable table, Map<String, Gate> gates) {
    Position present = position;
    if (present != null && present.table.equals(table) && present.gates.equals(gates)) {
      return;
    }
    if (present != null) {
      earlier.add(present.era);
      present.era.end();
    }
    position = new Position(table, gates);
  }
}
