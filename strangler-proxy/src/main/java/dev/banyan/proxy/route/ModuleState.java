package dev.banyan.proxy.route;

import dev.banyan.control.client.Owner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of a module at one route version.
 *
 * @param module the module's name in its plan
 * @param phase the extraction's phase, or {@code STATIC} where a routes file says it all
 * @param owner the side that accepts writes
 * @param readsPercent how many of 100 reads go to the service while the monolith owns; 0 to 100
 * @param version the route version
 * @param held whether new writes have to wait
 * @param monolith where the monolith listens; empty for the proxy's own setting
 * @param service where the service listens; empty while nobody has said
 * @param maxHold how long a write may wait
 * @param routes the requests that belong to the module
 */
public record ModuleState(String module, String phase, Owner owner, int readsPercent, long version, boolean held,
    Optional<Origin> monolith, Optional<Origin> service, Duration maxHold, List<Route> routes) {

  /** The phase of a module that no control table knows. */
  public static final String STATIC = "STATIC";

  private static final String CANCELLED = "CANCELLED";

  /** Checks the percentage and makes the routes immutable. */
  public ModuleState {
    if (readsPercent < 0 || readsPercent > 100) {
      throw new IllegalArgumentException("Module '%s': %d %% of the reads; 0 to 100 are possible"
          .formatted(module, readsPercent));
    }
    routes = List.copyOf(routes);
  }

  /** Tells whether the routes are in force; those of a cancelled extraction are not. */
  public boolean inForce() {
    return !CANCELLED.equals(phase);
  }

  /** Tells whether new writes wait. */
  public boolean isHeld() {
    return held && inForce();
  }

  /** Tells whether the control tables, and not a routes file, say this. */
  public boolean isControlled() {
    return !STATIC.equals(phase);
  }

  /** Returns where the owner listens; empty if nobody has said. */
  public Optional<Origin> ownerOrigin(Origin defaultMonolith) {
    return owner == Owner.SERVICE && inForce() ? service : Optional.of(monolith.orElse(defaultMonolith));
  }

  /**
   * Returns where a read goes.
   *
   * @param dice 0 to 99, evenly distributed
   */
  public Optional<Origin> readOrigin(Origin defaultMonolith, int dice) {
    boolean canary = inForce() && service.isPresent() && dice < readsPercent;
    return canary ? service : ownerOrigin(defaultMonolith);
  }

  /** Returns what holds once nobody manages this module any more: no routes, nothing held, the monolith owns. */
  public ModuleState forgotten() {
    return new ModuleState(module, CANCELLED, Owner.MONOLITH, 0, version, false, monolith, service, maxHold, routes);
  }
}
