package dev.banyan.proxy.route;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The routes in force, ordered so that the first match is the most specific one. Immutable. Two tables are equal if
 * they give every request to the same module.
 */
public record RouteTable(List<Entry> entries) {

  private static final Comparator<Entry> MOST_SPECIFIC_FIRST = Comparator
      .comparing((Entry e) -> e.route().pattern())
      .thenComparing(e -> e.route().methods().isEmpty())
      .thenComparing(Entry::module);

  /** A module's claim. */
  public record Entry(Route route, String module) {}

  /** The module a request belongs to, and what the request does there. */
  public record Match(String module, Access access) {}

  /** Makes the entries immutable. */
  public RouteTable {
    entries = List.copyOf(entries);
  }

  /** Returns the table of the modules whose routes are in force. */
  public static RouteTable of(Collection<ModuleState> modules) {
    return new RouteTable(modules.stream()
        .filter(ModuleState::inForce)
        .flatMap(m -> m.routes().stream().map(route -> new Entry(route, m.module())))
        .sorted(MOST_SPECIFIC_FIRST)
        .toList());
  }

  /** Returns the module that claims the request; empty if none does, and the monolith answers. */
  public Optional<Match> match(RequestPath path, String method) {
    for (Entry entry : entries) {
      if (entry.route().matches(path, method)) {
        return Optional.of(new Match(entry.module(), entry.route().accessOf(method)));
      }
    }
    return Optional.empty();
  }
}
