package dev.banyan.move.rehearsal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times of several runs, in milliseconds.
 *
 * @param median the one in the middle
 * @param longest the longest
 */
public record Figures(double median, double longest) {

  /** Returns the figures of some times; zero of none. */
  static Figures of(List<Double> millis) {
    List<Double> sorted = millis.stream().sorted().toList();
    return sorted.isEmpty() ? new Figures(0, 0) : new Figures(sorted.get((sorted.size() - 1) / 2), sorted.get(sorted.size() - 1));
  }

  Map<String, Object> asMap() {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("medianMillis", median);
    described.put("longestMillis", longest);
    return described;
  }
}
