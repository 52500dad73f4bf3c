package dev.banyan.cli;

import dev.banyan.move.mover.Workspace;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "status", mixinStandardHelpOptions = true,
    description = "Tells where the move stands, what is missing for the next step, and which step that is.")
final class StatusCommand extends PlanCommand {

  private static final Duration WATCH_EVERY = Duration.ofSeconds(1);

  @Option(names = "--watch", description = "Tell again every second, until the move has ended.")
  private boolean watch;

  @Override
  int run(Workspace space, Output output) throws InterruptedException {
    StatusView view = new StatusView(space);
    Map<String, Object> status = view.read();
    output.answer(status, StatusView.text(status));
    while (watch && !StatusView.isEnded(status)) {
      Thread.sleep(WATCH_EVERY.toMillis());
      status = view.read();
      output.answer(status, StatusView.text(status));
    }
    return DONE;
  }
}
