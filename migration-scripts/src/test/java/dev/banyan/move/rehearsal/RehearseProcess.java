package dev.banyan.move.rehearsal;

import dev.banyan.cli.Banyan;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code banyan rehearse} in a process of its own; closing it kills it with {@code kill -9}. */
final class RehearseProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader said;

  private RehearseProcess(Process process) {
    this.process = process;
    this.said = process.inputReader();
  }

  static RehearseProcess start(Path plan, String... options) throws IOException {
    String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-cp", classPath, Banyan.class.getName(), "rehearse", plan.toString()));
    command.addAll(List.of(options));
    return new RehearseProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** Waits until it says something with this in it. */
  RehearseProcess awaitLine(String part) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.contains(part)) {
        return this;
      }
      all.append(line).append('\n');
    }
    throw new AssertionError("the rehearsal ended before it said '" + part + "':\n" + all);
  }

  /** Tells it to stop, as Ctrl-C does, and waits until it has. */
  void terminate() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    kill();
    said.close();
  }
}
