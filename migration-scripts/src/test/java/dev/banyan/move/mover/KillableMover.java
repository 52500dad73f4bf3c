package dev.banyan.move.mover;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** A {@link GatedMover} in a process of its own; closing it kills it with {@code kill -9}. */
final class KillableMover implements AutoCloseable {

  private final Process process;
  private final BufferedReader said;

  private KillableMover(Process process) {
    this.process = process;
    this.said = process.inputReader();
  }

  /** Starts a mover that waits for ever in front of a step. */
  static KillableMover start(Path plan, String step) throws IOException {
    String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new KillableMover(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath,
        GatedMover.class.getName(), plan.toString(), step).redirectErrorStream(true).start());
  }

  /** Waits until it says something that begins so. */
  void awaitLine(String begin) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(begin)) {
        return;
      }
      all.append(line).append('\n');
    }
    throw new AssertionError("the mover ended before it said '" + begin + "':\n" + all);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    said.close();
  }
}
