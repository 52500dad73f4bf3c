package dev.banyan.demo.stage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process that the stage has started. What it prints goes to a file and to those who wait for a line. */
public final class ChildProcess implements AutoCloseable {

  private static final int STOP_SECONDS = 15;

  private final String name;
  private final Path log;
  private final Process process;
  private final List<String> lines = new ArrayList<>();

  private ChildProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /** Starts a process whose output goes to {@code name.log} in a folder. */
  public static ChildProcess start(String name, Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
    builder.environment().putAll(environment);
    ChildProcess child = new ChildProcess(name, folder.resolve(name + ".log"), builder.start());
    Thread reader = new Thread(child::read, "output-of-" + name);
    reader.setDaemon(true);
    reader.start();
    return child;
  }

  private void read() {
    try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var file = Files.newBufferedWriter(log)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        file.write(line);
        file.newLine();
        file.flush();
        add(line);
      }
    } catch (IOException e) {
      add("(output ended: " + e.getMessage() + ")");
    }
    synchronized (lines) {
      lines.notifyAll();
    }
  }

  private void add(String line) {
    synchronized (lines) {
      lines.add(line);
      lines.notifyAll();
    }
  }

  /**
   * Waits for a line of output, seen already or yet to come.
   *
   * @throws IllegalStateException if the process ends, or the time, before there is one
   */
  public String awaitLine(Predicate<String> wanted, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (lines) {
      for (int seen = 0; ; ) {
        for (; seen < lines.size(); seen++) {
          if (wanted.test(lines.get(seen))) {
            return lines.get(seen);
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || (!process.isAlive() && seen == lines.size())) {
          throw new IllegalStateException("%s %s before it said what was waited for. %s".formatted(name,
              process.isAlive() ? "took too long" : "ended", tail()));
        }
        lines.wait(Math.min(left, 200));
      }
    }
  }

  /** Returns the last lines of output. */
  public String tail() {
    synchronized (lines) {
      return "Its last lines:\n  " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 50), lines.size()));
    }
  }

  /** Waits for the end of the process and returns its exit code. */
  public int awaitEnd(Duration timeout) throws InterruptedException {
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("%s did not end within %s. %s".formatted(name, timeout, tail()));
    }
    return process.exitValue();
  }

  /** Tells whether the process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Returns the process; ended by its handle, it can still say what it has to say, since its output stays open. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Kills the process at once, as {@code kill -9} does, and waits until it is gone. */
  public void kill() throws InterruptedException {
    handle().destroyForcibly();
    process.waitFor();
  }

  /** Asks the process to end, and kills it where it does not. */
  @Override
  public void close() {
    handle().destroy();
    CompletableFuture<Process> ended = process.onExit();
    try {
      ended.get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      handle().destroyForcibly();
    }
  }
}
