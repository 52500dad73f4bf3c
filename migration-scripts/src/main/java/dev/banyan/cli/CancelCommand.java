package dev.banyan.cli;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.move.mover.CancelAlone;
import dev.banyan.move.mover.Workspace;
import java.sql.SQLException;
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

  @Option(names = "--without-service",
      description = "Cancel while the service's database does not answer; what is left there is taken away by the next run.")
  private boolean withoutService;

  @Override
  int run(Workspace space, Output output) throws SQLException, InterruptedException {
    if (withoutService) {
      CancelAlone alone = new CancelAlone(space);
      if (dryRun) {
        alone.requirePossible();
        return answer(Steps.ofCancelAlone(space.plan()), output);
      }
      return answer(alone.run(), output);
    }
    if (dryRun) {
      requirePhase(space, "cancel", phase -> phase.mayBecome(Phase.CANCELLED), "one before WRITES_SWITCHED");
      return answer(Steps.ofCancel(space.plan(), keepData), output);
    }
    return ask(space, output, Kind.CANCEL, Map.of("keepData", keepData));
  }

  private static int answer(List<String> steps, Output output) {
    output.answer(Map.of("steps", steps), Steps.text(steps));
    return DONE;
  }
}
