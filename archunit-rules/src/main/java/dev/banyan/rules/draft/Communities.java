package dev.banyan.rules.draft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Groups the tables of a graph so that ties run within groups rather than between them: begin with each alone, and always join
 * the two groups that raise modularity most, until none does.
 *
 * @see <a href="https://doi.org/10.1103/PhysRevE.70.066111">Clauset, Newman, Moore: Finding community structure in very large networks</a>
 */
final class Communities {

  private final List<Set<String>> groups = new ArrayList<>();
  private final List<Map<Integer, Double>> ties = new ArrayList<>();
  private final List<Double> degrees = new ArrayList<>();
  private final double total;

  private Communities(Map<String, Map<String, Double>> weights) {
    Map<String, Integer> numbers = new HashMap<>();
    weights.keySet().forEach(table -> numbers.put(table, numbers.size()));
    for (Map.Entry<String, Map<String, Double>> each : weights.entrySet()) {
      groups.add(new TreeSet<>(Set.of(each.getKey())));
      Map<Integer, Double> row = new HashMap<>();
      each.getValue().forEach((other, weight) -> row.put(numbers.getOrDefault(other, 0), weight));
      ties.add(row);
      degrees.add(row.values().stream().mapToDouble(Double::doubleValue).sum());
    }
    total = Math.max(degrees.stream().mapToDouble(Double::doubleValue).sum(), Double.MIN_NORMAL);
  }

  /** Returns the groups, the largest first. */
  static List<Set<String>> of(Map<String, Map<String, Double>> weights) {
    var communities = new Communities(weights);
    while (communities.joinBest()) {
      // each step joins two groups
    }
    return communities.groups.stream().filter(group -> !group.isEmpty())
        .sorted(Comparator.comparingInt((Set<String> group) -> -group.size()).thenComparing(group -> group.iterator().next())).toList();
  }

  private boolean joinBest() {
    int first = -1;
    int second = -1;
    double best = 0;
    for (int i = 0; i < groups.size(); i++) {
      for (Map.Entry<Integer, Double> tie : ties.get(i).entrySet()) {
        int j = tie.getKey();
        double gain = j <= i ? 0 : tie.getValue() / total - degrees.get(i) * degrees.get(j) / (total * total);
        if (gain > best) {
          best = gain;
          first = i;
          second = j;
        }
      }
    }
    if (first >= 0) {
      join(first, second);
    }
    return first >= 0;
  }

  private void join(int into, int from) {
    groups.get(into).addAll(groups.get(from));
    groups.get(from).clear();
    degrees.set(into, degrees.get(into) + degrees.get(from));
    degrees.set(from, 0.0);
    Map<Integer, Double> moved = Map.copyOf(ties.get(from));
    ties.get(from).clear();
    moved.forEach((other, weight) -> {
      ties.get(other).remove(from);
      if (other != into) {
        ties.get(into).merge(other, weight, Double::sum);
        ties.get(other).merge(into, weight, Double::sum);
      }
    });
    ties.get(into).remove(from);
  }
}
