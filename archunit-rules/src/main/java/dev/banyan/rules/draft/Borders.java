package dev.banyan.rules.draft;

import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.draft.TableGraph.Tie;
import dev.banyan.rules.draft.TableGraph.Together;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Proposed modules of a code base that has none: tables that are used together, the classes that use them, and what each cut costs. */
public final class Borders {

  /**
   * A proposed module.
   *
   * @param name that of its most tied table
   * @param tables what it would own
   * @param packages packages whose classes use these tables most, with the classes where a package is split
   */
  public record Group(String name, Set<String> tables, Set<String> packages) {}

  /**
   * What is cut between two groups.
   *
   * @param one a group
   * @param other another
   * @param statements statements over both
   * @param foreignKeys foreign keys and associations between them
   * @param transactions transactions over both
   * @param places where, at most five
   */
  public record Cut(String one, String other, int statements, int foreignKeys, int transactions, List<String> places) {

    /** Returns what the cut costs, in points as those of a module's readiness. */
    public int cost() {
      return 3 * statements + foreignKeys + 5 * transactions;
    }
  }

  private static final int MOST_PLACES = 5;

  private final TableGraph graph;
  private final List<Group> groups = new ArrayList<>();
  private final Map<String, String> groupOf = new TreeMap<>();

  private Borders(TableGraph graph) {
    this.graph = graph;
    for (Set<String> tables : Communities.of(graph.weights())) {
      String name = name(tables);
      tables.forEach(table -> groupOf.put(table, name));
      groups.add(new Group(name, new TreeSet<>(tables), new TreeSet<>()));
    }
    assign();
    absorb();
  }

  /** Proposes borders from what a scan has seen. */
  public static Borders of(SchemaScan scan) {
    return new Borders(new TableGraph(scan));
  }

  /** Returns the proposed modules, the largest first. */
  public List<Group> groups() {
    return List.copyOf(groups);
  }

  private String name(Set<String> tables) {
    String strongest = tables.stream().max(Comparator.comparingDouble(graph::degree)).orElse("");
    String simple = strongest.substring(strongest.indexOf('.') + 1);
    return groups.stream().anyMatch(group -> group.name().equals(simple)) ? strongest.replace('.', '_') : simple;
  }

  private void assign() {
    Map<String, Map<String, Set<String>>> packages = new TreeMap<>();
    graph.byClass().forEach((name, tables) -> {
      Map<String, Integer> votes = new TreeMap<>();
      tables.forEach((table, times) -> votes.merge(groupOf.getOrDefault(table, ""), times, Integer::sum));
      String group = votes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse("");
      packages.computeIfAbsent(name.substring(0, Math.max(0, name.lastIndexOf('.'))), key -> new TreeMap<>())
          .computeIfAbsent(group, key -> new TreeSet<>()).add(name);
    });
    packages.forEach((name, byGroup) -> byGroup.forEach((group, classes) -> groups.stream().filter(each -> each.name().equals(group))
        .forEach(each -> each.packages().addAll(byGroup.size() == 1 ? Set.of(name) : classes))));
  }

  /** Tables that no code goes with (a queue, a cursor) are of the module whose schema they lie in, where that is one alone. */
  private void absorb() {
    List<Group> used = groups.stream().filter(group -> !group.packages().isEmpty()).toList();
    for (Group idle : groups.stream().filter(group -> group.packages().isEmpty()).toList()) {
      List<Group> homes = used.stream().filter(group -> !schemas(idle).isEmpty() && schemas(group).containsAll(schemas(idle))).toList();
      if (homes.size() == 1) {
        homes.get(0).tables().addAll(idle.tables());
        idle.tables().forEach(table -> groupOf.put(table, homes.get(0).name()));
        groups.remove(idle);
      }
    }
  }

  private static Set<String> schemas(Group group) {
    return group.tables().stream().filter(table -> table.indexOf('.') > 0).map(table -> table.substring(0, table.indexOf('.'))).collect(Collectors.toSet());
  }

  /** Returns what would be cut, the dearest first. */
  public List<Cut> cuts() {
    Map<String, List<Together>> cut = new LinkedHashMap<>();
    for (Together used : graph.together()) {
      Set<String> touched = new TreeSet<>();
      used.tables().forEach(table -> touched.add(groupOf.getOrDefault(table, "")));
      List<String> names = List.copyOf(touched);
      for (int i = 0; i < names.size() && used.tie() != Tie.CLASS; i++) {
        for (int j = i + 1; j < names.size(); j++) {
          cut.computeIfAbsent(names.get(i) + "\n" + names.get(j), key -> new ArrayList<>()).add(used);
        }
      }
    }
    return cut.entrySet().stream().map(each -> cut(each.getKey().split("\n"), each.getValue()))
        .sorted(Comparator.comparingInt(Cut::cost).reversed()).toList();
  }

  private static Cut cut(String[] between, List<Together> used) {
    return new Cut(between[0], between[1], count(used, Tie.STATEMENT), count(used, Tie.FOREIGN_KEY), count(used, Tie.TRANSACTION),
        used.stream().map(Together::location).distinct().limit(MOST_PLACES).toList());
  }

  private static int count(List<Together> used, Tie tie) {
    return (int) used.stream().filter(each -> each.tie() == tie).count();
  }

  /** Returns the proposal for people, shortened where there is much of it. */
  public String text() {
    return BorderText.of(groups, cuts());
  }
}
