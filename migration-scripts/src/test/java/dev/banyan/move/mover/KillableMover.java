package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A {@link GatedMover} in a process of its own; closing it kills it with {@code kill -9}. */
final class KillableMover implements AutoCloseable {

  private static final Duration WITHIN = Duration.ofSeconds(120);

  private final Process process;
  private final String step;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private KillableMover(Process process, String step) {
    this.process = process;
    this.step = step;
    this.reader = new Thread(() -> read(process.inputReader()), "reader of a mover");
    reader.start();
  }

  /** Starts a mover that waits for ever in front of a step. */
  static KillableMover start(Path plan, String step) throws IOException {
    String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new KillableMover(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-cp", classPath, GatedMover.class.getName(), plan.toString(), step).redirectErrorStream(true).start(), step);
  }

  private void read(BufferedReader lines) {
    lines.lines().forEach(said::add);
  }

  /** Asks for a switch until one stands in front of the step: where time is short, one may be cancelled before it comes there. */
  void awaitStep(Move move, Kind verb) {
    awaitLine("Streaming from", () -> { });
    awaitLine("AT " + step, () -> move.space.intents().request(move.space.module(), verb, Map.of("unproven", true), "test"));
  }

  private void awaitLine(String begin, Runnable ask) {
    await("a mover that says '" + begin + "'").atMost(WITHIN).pollInterval(Duration.ofMillis(20)).until(() -> {
      if (said.stream().anyMatch(line -> line.startsWith(begin))) {
        return true;
      }
      if (!process.isAlive()) {
        throw new AssertionError("the mover ended before it said '%s':\n%s".formatted(begin, String.join("\n", said)));
      }
      ask.run();
      return false;
    });
  }

  /** Stops it as a debugger would, or a machine that is suspended: it lives, and does nothing. */
  void standStill() throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor()).isZero();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
    reader.join();
  }
}
