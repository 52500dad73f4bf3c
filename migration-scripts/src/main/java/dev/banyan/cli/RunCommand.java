package dev.banyan.cli;

import dev.banyan.move.check.Checked;
import dev.banyan.move.mover.Mover;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "run", mixinStandardHelpOptions = true,
    description = "Runs the mover: copies, streams, and carries out what the other verbs ask for. Stopped at any moment and "
        + "started again, it goes on. Ends when the move is completed or cancelled.")
final class RunCommand extends PlanCommand {

  private static final int STOP_SECONDS = 20;

  @Option(names = "--dry-run", description = "Print the steps; change nothing.")
  private boolean dryRun;

  @Override
  int run(Workspace space, Output output) throws InterruptedException {
    return dryRun ? dryRun(space, output) : move(space, output);
  }

  private static int move(Workspace space, Output output) throws InterruptedException {
    Thread mover = Thread.currentThread();
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook = new Thread(() -> {
      mover.interrupt();
      await(stopped);
    });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      new Mover(space, sentence -> output.say(LocalTime.now().truncatedTo(ChronoUnit.MILLIS) + "  " + sentence)).run();
      output.answer(Map.of("module", space.module(), "phase", space.control().get(space.module()).phase().name()), "Done.");
      return DONE;
    } catch (InterruptedException e) {
      output.say("Stopped. The move stays as it is; `banyan run` goes on with it.");
      return DONE;
    } finally {
      stopped.countDown();
    }
  }

  private static void await(CountDownLatch stopped) {
    try {
      stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int dryRun(Workspace space, Output output) {
    Checked checked = space.checker().beforeTheMove();
    if (!checked.isClear()) {
      throw new Refused("Module '%s' cannot be moved:".formatted(space.module()), checked.findings());
    }
    List<String> steps = Steps.ofRun(space.plan());
    output.answer(Map.of("steps", steps), Steps.text(steps));
    return DONE;
  }
}
