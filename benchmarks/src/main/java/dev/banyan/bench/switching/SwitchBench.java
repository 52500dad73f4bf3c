package dev.banyan.bench.switching;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.bench.race.Measured;
import dev.banyan.bench.race.Report;
import dev.banyan.cli.Banyan;
import dev.banyan.demo.load.Load;
import dev.banyan.demo.stage.Accounts;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code banyan bench switch}: the whole stage, over real processes and everything durable, switched to and fro under load. */
@Command(name = "switch", description = "The pause of switches and rollbacks as clients of the proxy notice it.", mixinStandardHelpOptions = true)
public final class SwitchBench implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ACCOUNTS = 20_000;
  private static final int WRITES_OF_A_CLIENT = 50;
  private static final int READS_OF_A_CLIENT = 100;
  // Where they serve, these processes have run for hours; what they run often is compiled after minutes.
  private static final Duration WARMED_UP_WITHIN = Duration.ofMinutes(2);
  // What was held shows when it is answered; and some load on either side of it.
  private static final Duration WATCHED_FOR = Duration.ofSeconds(1);
  private static final Duration IN_SYNC_WITHIN = Duration.ofMinutes(5);
  private static final double MEDIAN_MILLIS = 30;
  private static final double WORST_MILLIS = 150;

  @Option(names = "--pairs", defaultValue = "30", description = "How many switches, each with its rollback (default: ${DEFAULT-VALUE}).")
  private int pairs;

  @Option(names = "--writes", defaultValue = "500", description = "Writes a second that clients send at most (default: ${DEFAULT-VALUE}).")
  private int writes;

  @Option(names = "--reads", defaultValue = "2000", description = "Reads a second that clients send at most (default: ${DEFAULT-VALUE}).")
  private int reads;

  @Option(names = "--plain", description = "Two processes with nothing in them but HTTP and SQL in place of the shop and its user service.")
  private boolean plain;

  @Option(names = "--json", description = "Also writes the results into this file.")
  private @Nullable Path json;

  private final Report report = new Report(System.err);
  private final List<Double> noticed = new ArrayList<>();
  private final List<Double> undisturbed = new ArrayList<>();
  private final List<Double> held = new ArrayList<>();
  private final List<Double> proven = new ArrayList<>();
  private final Map<String, List<Double>> steps = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    report.say("Starting two servers, %s and the proxy".formatted(plain ? "two plain services" : "the shop, its user service"));
    try (Stage stage = Stage.setForLong()) {
      start(stage);
      Accounts.fill(stage.monolithServer(), ACCOUNTS);
      String plan = stage.writePlan().toString();
      try (Load load = new Load(stage.proxyUrl(), ACCOUNTS)) {
        load.start(Math.max(1, writes / WRITES_OF_A_CLIENT), Math.max(1, reads / READS_OF_A_CLIENT));
        stage.startMover(Path.of(plan)).awaitLine(line -> line.contains("In sync"), IN_SYNC_WITHIN);
        done("verify", plan);
        // As one would before writes: the service has then answered, and is compiled as well.
        done("switch", "reads", plan, "--percent", "50");
        Thread.sleep(WARMED_UP_WITHIN.toMillis());
        long begun = System.nanoTime();
        long before = load.ledger().acknowledgedWrites();
        long readBefore = load.ledger().answeredReads();
        for (int pair = 1; pair <= pairs; pair++) {
          report.say("Switch and rollback %d of %d".formatted(pair, pairs));
          turn(load, "switch", "writes", plan);
          turn(load, "rollback", plan);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        tell(load, (load.ledger().acknowledgedWrites() - before) / seconds, (load.ledger().answeredReads() - readBefore) / seconds);
      }
    }
    report.print(System.out);
    if (json != null) {
      report.write(json);
    }
    return report.holds() ? 0 : 1;
  }

  private void start(Stage stage) throws IOException, InterruptedException {
    if (plain) {
      stage.startInPlaceOfShop("benchmarks", "accounts");
    } else {
      stage.startShop();
    }
  }

  private void turn(Load load, String... verb) throws IOException, InterruptedException {
    undisturbed.add(watch(load, System.nanoTime()));
    long begun = System.nanoTime();
    JsonNode answer = done(verb);
    noticed.add(watch(load, begun));
    held.add(answer.path("pauseMillis").asDouble());
    answer.path("steps").fields().forEachRemaining(step ->
        steps.computeIfAbsent(step.getKey(), name -> new ArrayList<>()).add(step.getValue().asDouble()));
    proven.add(answer.path("provenRows").asDouble());
  }

  private static Measured rate(String name, double perSecond, int offered) {
    return new Measured(name, "1/s", List.of(perSecond), Optional.empty(), List.of(), "%d offered".formatted(offered), true);
  }

  private static double watch(Load load, long begun) throws InterruptedException {
    Thread.sleep(WATCHED_FOR.toMillis());
    return load.timeline().pauseMillis(begun, System.nanoTime());
  }

  /** Runs a verb in here: who asks for a switch does not start a Java process on the servers that serve. */
  private static JsonNode done(String... verb) throws IOException {
    StringWriter printed = new StringWriter();
    CommandLine line = Banyan.commandLine().setOut(new PrintWriter(printed));
    int exitCode = line.execute(Stream.concat(Stream.of(verb), Stream.of("--json")).toArray(String[]::new));
    if (exitCode != 0) {
      throw new IllegalStateException("banyan %s: %s".formatted(String.join(" ", verb), printed));
    }
    return JSON.readTree(printed.toString());
  }

  private void tell(Load load, double writesPerSecond, double readsPerSecond) {
    report.add(new Measured("pause that clients noticed, median of %d".formatted(noticed.size()), "ms", noticed,
        Optional.of("the longest gap or slowest write without a switch"), undisturbed, "at most %.0f ms".formatted(MEDIAN_MILLIS),
        median(noticed) <= MEDIAN_MILLIS));
    report.add(new Measured("the first of them", "ms", noticed.subList(0, 1), Optional.empty(), List.of(), "–", true));
    report.addBounded("the longest of them", "ms", Collections.max(noticed), WORST_MILLIS);
    report.addBounded("failed requests", "", load.ledger().failedRequests(), 0);
    report.add(new Measured("writes held, as the mover saw it", "ms", held, Optional.empty(), List.of(), "–", true));
    report.add(new Measured("rows proven while they were held", "", proven, Optional.empty(), List.of(), "–", true));
    steps.forEach((name, values) -> report.add(new Measured("of that, " + name, "ms", values, Optional.empty(), List.of(), "–", true)));
    report.add(rate("writes acknowledged", writesPerSecond, writes));
    report.add(rate("reads answered", readsPerSecond, reads));
    if (!load.firstFailure().isEmpty()) {
      report.say("First failed request: " + load.firstFailure());
    }
  }

  private static double median(List<Double> values) {
    return new Measured("", "", values, Optional.empty(), List.of(), "", true).median();
  }
}
