package dev.banyan.proxy;

import dev.banyan.control.client.Owner;
import dev.banyan.proxy.route.ModuleState;
import dev.banyan.proxy.route.Origin;
import dev.banyan.proxy.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** States of a module for tests. */
public final class Modules {

  public static final Origin MONOLITH = new Origin("monolith", 80, false);
  public static final Origin SERVICE = new Origin("service", 80, false);

  private Modules() {}

  public static ModuleState users(long version, boolean held) {
    return module("users", "IN_SYNC", Owner.MONOLITH, 0, version, held, "/users/**");
  }

  public static ModuleState switched(long version) {
    return module("users", "WRITES_SWITCHED", Owner.SERVICE, 0, version, false, "/users/**");
  }

  public static ModuleState module(String name, String phase, Owner owner, int percent, long version, boolean held, String... paths) {
    return new ModuleState(name, phase, owner, percent, version, held, Optional.of(MONOLITH), Optional.of(SERVICE),
        Duration.ofSeconds(2), List.of(paths).stream().map(Route::of).toList());
  }
}
