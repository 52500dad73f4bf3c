package dev.banyan.cli;

import dev.banyan.control.Intents.Kind;
import dev.banyan.move.mover.Workspace;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "complete", mixinStandardHelpOptions = true,
    description = "Ends the move with the service as owner, and takes away what the move made. There is no way back from here.")
final class CompleteCommand extends IntentCommand {

  @Option(names = "--dry-run", description = "Print the steps; change nothing.")
  private boolean dryRun;

  @Override
  int run(Workspace space, Output output) throws InterruptedException {
    if (dryRun) {
      requireExtraction(space);
      List<String> steps = Steps.ofComplete(space.plan());
      output.answer(Map.of("steps", steps), Steps.text(steps));
      return DONE;
    }
    return ask(space, output, Kind.COMPLETE, Map.of());
  }
}
