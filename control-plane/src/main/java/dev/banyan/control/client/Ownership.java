package dev.banyan.control.client;

import java.net.URI;
import java.util.Optional;

/**
 * Who owns a module's data, as the monolith's database said at one moment.
 *
 * @param module the module's name in its plan
 * @param owner the side that accepts writes
 * @param epoch grows with each change of owner; 0 where no extraction was ever begun
 * @param serviceUrl where the service listens; empty where no extraction was begun, or only data moves
 */
public record Ownership(String module, Owner owner, long epoch, Optional<URI> serviceUrl) {

  /** Returns what holds for a module that no plan has touched: the monolith owns it. */
  public static Ownership untouched(String module) {
    return new Ownership(module, Owner.MONOLITH, 0, Optional.empty());
  }

  /** Tells whether the service accepts the writes. */
  public boolean isWithService() {
    return owner == Owner.SERVICE;
  }
}
