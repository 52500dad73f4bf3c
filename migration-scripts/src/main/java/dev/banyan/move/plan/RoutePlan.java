package dev.banyan.move.plan;

import java.util.List;
import java.util.Optional;

/**
 * A route of the module.
 *
 * @param path path pattern; {@code /**} at its end stands for all that is below
 * @param methods HTTP methods; empty for all
 * @param kind {@code READ} or {@code WRITE}; empty: what the method implies
 * @param line where the plan names it
 */
public record RoutePlan(String path, List<String> methods, Optional<String> kind, int line) {

  /** Tells whether both routes claim the same requests. */
  public boolean claimsAlso(RoutePlan other) {
    return path.equals(other.path)
        && (methods.isEmpty() || other.methods.isEmpty() || methods.stream().anyMatch(other.methods::contains));
  }
}
