package dev.banyan.bench.race;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs two contestants in turn, several times, the first one alternating; a run of each goes before and does not count.
 */
public final class Race {

  private final int runs;
  private final Report report;

  /** Creates races of so many runs each, that write their results into {@code report}. */
  public Race(int runs, Report report) {
    this.runs = runs;
    this.report = report;
  }

  /** Compares rates: ours must be {@code atLeast} times theirs. */
  public void atLeast(String name, String unit, double atLeast, Contestant ours, String against, Contestant theirs) throws Exception {
    Values values = run(name, ours, theirs);
    add(name, unit, values, against, "at least %.1f times".formatted(atLeast), values.ratio() >= atLeast);
  }

  /** Compares costs: ours must be {@code atMost} times theirs. */
  public void atMost(String name, String unit, double atMost, Contestant ours, String against, Contestant theirs) throws Exception {
    Values values = run(name, ours, theirs);
    add(name, unit, values, against, "at most %.1f times".formatted(atMost), values.ratio() <= atMost);
  }

  /** Compares without wanting anything. */
  public void forComparison(String name, String unit, Contestant ours, String against, Contestant theirs) throws Exception {
    add(name, unit, run(name, ours, theirs), against, "for comparison", true);
  }

  private void add(String name, String unit, Values values, String against, String wanted, boolean holds) {
    report.add(new Measured(name, unit, values.ours, Optional.of(against), values.theirs, wanted, holds));
  }

  /** What is run again and again. */
  public interface Run {

    /** Runs once; 0 is the run that does not count. */
    void run(int number) throws Exception;
  }

  /** Runs what has no contestant. */
  public void repeat(String name, Run run) throws Exception {
    for (int number = 0; number <= runs; number++) {
      report.say("%s, %s".formatted(name, number == 0 ? "warming up" : "run %d of %d".formatted(number, runs)));
      run.run(number);
    }
  }

  private record Values(List<Double> ours, List<Double> theirs) {

    double ratio() {
      return Measured.median(ours) / Measured.median(theirs);
    }
  }

  private Values run(String name, Contestant ours, Contestant theirs) throws Exception {
    var values = new Values(new ArrayList<>(), new ArrayList<>());
    repeat(name, run -> {
      boolean oursFirst = run % 2 == 0;
      double first = (oursFirst ? ours : theirs).run();
      double second = (oursFirst ? theirs : ours).run();
      if (run > 0) {
        values.ours.add(oursFirst ? first : second);
        values.theirs.add(oursFirst ? second : first);
      }
    });
    return values;
  }
}
