package dev.banyan.rules.report;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.Touch;
import dev.banyan.rules.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What stands between a module and its life as a service: all that crosses its border, in either direction.
 *
 * @param module its name
 * @param crossings how many of each kind
 * @param effort all of them together, in points
 * @param effortInOrder the same when the modules before it are out already
 */
public record Readiness(String module, Map<Crossing, Integer> crossings, int effort, int effortInOrder) {

  /** One crossing, between the modules of a set. */
  private record Edge(Crossing crossing, Set<String> modules) {}

  /** Copies the counts. */
  public Readiness {
    crossings = crossings.isEmpty() ? Map.of() : new EnumMap<>(crossings);
  }

  /** Returns the modules in the order in which to take them out: always the one with the least left to do. */
  public static List<Readiness> of(SchemaScan scan) {
    List<Edge> edges = edges(scan);
    Set<String> left = new TreeSet<>(scan.moduleNames());
    List<Edge> open = new ArrayList<>(edges);
    List<Readiness> order = new ArrayList<>();
    while (!left.isEmpty()) {
      String next = left.stream().min(Comparator.comparingInt(module -> effort(open, module))).orElseThrow();
      order.add(new Readiness(next, counts(edges, next), effort(edges, next), effort(open, next)));
      open.removeIf(edge -> edge.modules().contains(next));
      left.remove(next);
    }
    return order;
  }

  private static List<Edge> edges(SchemaScan scan) {
    Map<String, Set<String>> owners = new HashMap<>();
    for (Touch touch : scan.touches()) {
      scan.ownerOf(touch).ifPresent(owner -> owners.computeIfAbsent(touch.location() + touch.line() + touch.statement(),
          key -> new HashSet<>()).add(owner));
    }
    List<Edge> edges = new ArrayList<>();
    for (Finding finding : scan.violations()) {
      boolean joined = owners.getOrDefault(finding.location() + finding.line() + finding.statement(), Set.of()).size() > 1;
      Set<String> modules = finding.module().map(module -> Set.of(module, finding.owner())).orElse(Set.of(finding.owner()));
      edges.add(new Edge(Crossing.of(finding, joined), modules));
    }
    for (Transaction transaction : scan.transactions()) {
      Set<String> modules = scan.ownersOf(transaction);
      if (modules.size() > 1) {
        edges.add(new Edge(Crossing.TRANSACTION, modules));
      }
    }
    return edges;
  }

  private static int effort(List<Edge> edges, String module) {
    return edges.stream().filter(edge -> edge.modules().contains(module)).mapToInt(edge -> edge.crossing().effort()).sum();
  }

  private static Map<Crossing, Integer> counts(List<Edge> edges, String module) {
    Map<Crossing, Integer> counts = new EnumMap<>(Crossing.class);
    edges.stream().filter(edge -> edge.modules().contains(module)).forEach(edge -> counts.merge(edge.crossing(), 1, Integer::sum));
    return counts;
  }

  /** Returns the readiness in a line: {@code users: 7 points: 3 reads of another module's tables, 2 foreign keys}. */
  public String line() {
    String what = crossings.entrySet().stream().map(each -> each.getValue() + " " + each.getKey().label()).collect(Collectors.joining(", "));
    String first = effortInOrder == effort ? "" : ", %d once those before it are out".formatted(effortInOrder);
    return crossings.isEmpty() ? "%s: ready, nothing crosses its border".formatted(module)
        : "%s: %d points%s: %s".formatted(module, effort, first, what);
  }
}
