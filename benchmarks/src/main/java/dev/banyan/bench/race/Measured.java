package dev.banyan.bench.race;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one comparison came to.
 *
 * @param name what was measured
 * @param unit in what
 * @param ours one value for each run
 * @param against what it was compared with; empty where there is nothing to compare with
 * @param theirs one value for each run of that
 * @param wanted what is wanted, in words
 * @param holds whether it is met
 */
public record Measured(String name, String unit, List<Double> ours, Optional<String> against, List<Double> theirs, String wanted,
    boolean holds) {

  /** Returns the median of our values. */
  public double median() {
    return median(ours);
  }

  /** Returns the median of the other values. */
  public double otherMedian() {
    return median(theirs);
  }

  /** Returns how many times the other median ours is. */
  public double ratio() {
    return median() / otherMedian();
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }
}
