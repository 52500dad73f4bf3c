package dev.banyan.cli;

import dev.banyan.control.Intents.Kind;
import dev.banyan.move.mover.Workspace;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "cancel", mixinStandardHelpOptions = true,
    description = "Ends the move before the switch of writes: the monolith keeps the module, and what the move made is taken away.")
final class CancelCommand extends IntentCommand {

  @Option(names = "--dry-run", description = "Print the steps; change nothing.")
  private boolean dryRun;

  @Option(names = "--keep-data", description = "Leave the copied rows in the service's tables.")
  private boolean keepData;

  @Override
  int run(Workspace space, Output output) throws InterruptedException {
    if (dryRun) {
      requireExtraction(space);
      List<String> steps = Steps.ofCancel(space.plan(), keepData);
      output.answer(Map.of("steps", steps), Steps.text(steps));
      return DONE;
    }
    return ask(space, output, Kind.CANCEL, Map.of("keepData", keepData));
  }
}
