package dev.banyan.bench.mover;

import dev.banyan.bench.race.Race;
import dev.banyan.bench.race.Report;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code banyan bench mover}. */
@Command(name = "mover", description = "Copy, stream, lag and verification; two embedded servers, everything durable.",
    mixinStandardHelpOptions = true)
public final class MoverBench implements Callable<Integer> {

  @Option(names = "--runs", defaultValue = "5", description = "How often each comparison is run (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(names = "--scale", defaultValue = "1", description = "Factor on the number of rows and changes (default: ${DEFAULT-VALUE}).")
  private double scale;

  @Option(names = "--only", description = "Only measures whose name contains this; repeatable. Names: copy, tables, stream, sink, subscription, hot, lag, verify, source, large.")
  private List<String> only = List.of();

  @Option(names = "--json", description = "Also writes the results into this file.")
  private @Nullable Path json;

  private interface Measure {
    void run() throws Exception;
  }

  @Override
  public Integer call() throws Exception {
    var report = new Report(System.err);
    try (Servers servers = Servers.start()) {
      var race = new Race(runs, report);
      var copies = new CopyRaces(servers, race, report, scale);
      var streams = new StreamRaces(servers, race, report, scale);
      var costs = new CostMeasures(servers, race, report, scale);
      Map<String, Measure> measures = new LinkedHashMap<>();
      measures.put("copy", copies::oneTable);
      measures.put("tables", copies::manyTables);
      measures.put("stream", streams::againstIdleConsumer);
      measures.put("sink", streams::againstJdbcSink);
      measures.put("subscription", streams::againstSubscription);
      measures.put("hot", streams::hotKeys);
      measures.put("lag", costs::lag);
      measures.put("verify", costs::verify);
      measures.put("source", costs::sourceLoad);
      measures.put("large", costs::largeTransaction);
      for (Map.Entry<String, Measure> measure : measures.entrySet()) {
        if (only.isEmpty() || only.stream().anyMatch(measure.getKey()::contains)) {
          attempt(measure.getKey(), measure.getValue(), report);
        }
      }
    }
    report.print(System.out);
    if (json != null) {
      report.write(json);
    }
    return report.holds() ? 0 : 1;
  }

  /** One measure that fails does not take the others' results away; it is said, and counts as not met. */
  private static void attempt(String name, Measure measure, Report report) throws InterruptedException {
    try {
      measure.run();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | LinkageError e) {
      report.failed(name, e);
    }
  }
}
