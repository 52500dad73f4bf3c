package dev.banyan.cli;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.move.mover.FormerUse;
import dev.banyan.move.mover.Workspace;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(name = "complete", mixinStandardHelpOptions = true,
    description = {"Ends the move with the service as owner, and takes away what the move made. There is no way back from here.",
        "The monolith's former tables are renamed into schemas banyan_retired_MODULE_SCHEMA once nobody has read them for limits.quiet-for."})
final class CompleteCommand extends IntentCommand {

  @Option(names = "--dry-run", description = "Print the steps; change nothing.")
  private boolean dryRun;

  @Option(names = "--drop", description = "Drop the monolith's former tables.")
  private boolean drop;

  @Option(names = "--keep", description = "Leave the monolith's former tables where they are, fenced; nobody is waited for.")
  private boolean keep;

  @Override
  int run(Workspace space, Output output) throws InterruptedException {
    if (drop && keep) {
      throw new ParameterException(new CommandLine(this), "--drop and --keep exclude each other");
    }
    if (dryRun) {
      requirePhase(space, "complete", phase -> phase == Phase.WRITES_SWITCHED, "WRITES_SWITCHED");
      List<String> steps = Steps.ofComplete(space.plan(), drop, keep);
      String used = new FormerUse(space).told().orElse("");
      output.answer(Map.of("steps", steps, "used", used), Steps.text(steps) + (used.isEmpty() ? "" : "\n" + used));
      return DONE;
    }
    return ask(space, output, Kind.COMPLETE, Map.of("tables", drop ? "DROP" : keep ? "KEEP" : "RETIRE"));
  }
}
