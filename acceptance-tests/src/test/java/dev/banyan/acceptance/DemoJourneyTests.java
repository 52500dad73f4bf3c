package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.demo.stage.Checkout;
import dev.banyan.demo.stage.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as users run it: what it reports, and what it leaves behind. */
class DemoJourneyTests {

  private static final Duration DONE_WITHIN = Duration.ofMinutes(4);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(60);
  private static final List<String> STEPS = List.of("copied", "in-sync", "verified", "reads-switched", "writes-switched",
      "rolled-back", "writes-switched", "completed");

  @TempDir
  private Path folder;

  @Test
  void reportsThatNothingWasLostDoubledDifferentOrFailed() throws Exception {
    Path file = folder.resolve("report.json");
    try (ChildProcess demo = demo("--accounts", "20000", "--writers", "4", "--seconds", "8", "--report", file.toString())) {
      int exitCode = demo.awaitEnd(DONE_WITHIN);
      assertThat(exitCode).as(demo.tail()).isZero();
    }
    expectGood(new ObjectMapper().readTree(file.toFile()));
    assertThat(leftFolders()).isEmpty();
  }

  private static void expectGood(JsonNode report) {
    assertThat(keys(report)).contains("module", "steps", "rows", "requests", "writes", "pauseMillis", "lagMillis");
    assertThat(report.path("module").asText()).isEqualTo("users");
    assertThat(report.path("steps").findValuesAsText("name")).isEqualTo(STEPS);
    report.path("steps").forEach(step -> assertThat(step.path("seconds").asDouble()).isPositive());
    expectCounts(report.path("rows"), "compared", 40_000, "different", "missing", "extra");
    expectCounts(report.path("requests"), "reads", 100, "failed");
    expectCounts(report.path("requests"), "writesAcknowledged", 100);
    assertThat(keys(report.path("writes"))).containsExactly("lost", "duplicated");
    expectZero(report.path("writes"), "lost", "duplicated");
    expectPauses(report.path("pauseMillis").path("switch"), 2);
    expectPauses(report.path("pauseMillis").path("rollback"), 1);
    assertThat(keys(report.path("lagMillis"))).containsExactly("p50", "p99");
    assertThat(report.path("lagMillis").path("p50").asDouble()).isPositive().isLessThanOrEqualTo(report.path("lagMillis").path("p99").asDouble());
  }

  private static void expectCounts(JsonNode counts, String many, long least, String... none) {
    assertThat(counts.path(many).asLong()).as(many).isGreaterThanOrEqualTo(least);
    expectZero(counts, none);
  }

  private static void expectZero(JsonNode counts, String... none) {
    for (String key : none) {
      assertThat(counts.path(key).asLong(-1)).as(key).isZero();
    }
  }

  private static void expectPauses(JsonNode pauses, int count) {
    assertThat(pauses).hasSize(count);
    pauses.forEach(pause -> assertThat(pause.asLong(-1)).isNotNegative());
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      keys.add(names.next());
    }
    return keys;
  }

  @Test
  void leavesNothingBehindWhenItIsInterruptedInTheMiddle() throws Exception {
    try (ChildProcess demo = demo("--accounts", "2000", "--writers", "2", "--seconds", "8")) {
      demo.awaitLine(line -> line.contains("run: in sync"), DONE_WITHIN);
      List<ProcessHandle> parts = parts(demo);
      assertThat(parts).as("monolith, service, proxy, mover and two servers").hasSizeGreaterThanOrEqualTo(6);
      signal("INT", demo);
      expectNothingLeft(demo, parts);
    }
  }

  @Test
  void leavesNothingBehindWhenItIsStoppedWhileItStarts() throws Exception {
    try (ChildProcess demo = demo()) {
      await("the first server").atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20))
          .until(() -> !servers().isEmpty());
      List<ProcessHandle> parts = parts(demo);
      signal("TERM", demo);
      expectNothingLeft(demo, parts);
    }
  }

  private ChildProcess demo(String... arguments) throws IOException {
    Checkout checkout = Checkout.find();
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-Dbanyan.home=" + checkout.root(), "-Djava.io.tmpdir=" + folder, "-jar", checkout.jar("demo").toString()));
    command.addAll(Arrays.asList(arguments));
    return ChildProcess.start("demo", folder, Map.of(), command);
  }

  private static void signal(String name, ChildProcess process) throws IOException, InterruptedException {
    int exitCode = new ProcessBuilder("kill", "-" + name, Long.toString(process.handle().pid())).start().waitFor();
    assertThat(exitCode).isZero();
  }

  private void expectNothingLeft(ChildProcess demo, List<ProcessHandle> parts) throws Exception {
    assertThat(demo.awaitEnd(STOPPED_WITHIN)).as(demo.tail()).isNotZero();
    await("every part to end").atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
      assertThat(parts).noneMatch(ProcessHandle::isAlive);
      assertThat(servers()).isEmpty();
    });
    assertThat(leftFolders()).isEmpty();
  }

  private List<ProcessHandle> parts(ChildProcess demo) {
    return Stream.concat(demo.handle().descendants(), servers().stream()).distinct().toList();
  }

  /** Servers are no children of who started them; their command lines name their data. */
  private List<ProcessHandle> servers() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().filter(line -> line.contains("-D " + folder + "/banyan-")).isPresent())
        .toList();
  }

  private List<Path> leftFolders() throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(child -> child.getFileName().toString().startsWith("banyan-")).toList();
    }
  }
}
