package dev.banyan.bench.mover;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The programs that the mover is compared with, where this machine has them. */
final class Programs {

  private Programs() {}

  static boolean isThere(String program) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "command -v " + program).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
  }

  /** Runs a line of the shell to its end, and fails as it does. */
  static void run(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-c", command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    if (!process.waitFor(15, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroy();
      throw new IllegalStateException("failed: " + command);
    }
  }
}
