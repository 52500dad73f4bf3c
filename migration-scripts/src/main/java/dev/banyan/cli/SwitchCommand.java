package dev.banyan.cli;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.Warnings;
import dev.banyan.move.mover.ReadsBack;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "switch", mixinStandardHelpOptions = true, description = "Switches reads or writes to the service.",
    subcommands = {SwitchCommand.Reads.class, SwitchCommand.Writes.class})
final class SwitchCommand {

  private static final Set<Phase> BEFORE_THE_SWITCH = EnumSet.of(Phase.IN_SYNC, Phase.READS_SWITCHED);

  @Command(name = "reads", mixinStandardHelpOptions = true,
      description = "Lets the service answer a share of the reads while the monolith owns the data; 0 takes them back.")
  static final class Reads extends IntentCommand {

    @Option(names = "--percent", required = true, description = "Share of the reads, 0 to 100.")
    private int percent;

    @Option(names = "--dry-run", description = "Print the steps; change nothing.")
    private boolean dryRun;

    @Override
    int run(Workspace space, Output output) throws SQLException, InterruptedException {
      if (percent < 0 || percent > 100) {
        throw new picocli.CommandLine.ParameterException(new picocli.CommandLine(this), "--percent must be from 0 to 100");
      }
      if (dryRun) {
        requirePhase(space, "Switch of reads", BEFORE_THE_SWITCH::contains, "IN_SYNC or READS_SWITCHED");
        List<String> steps = List.of("route %d %% of the reads to the service".formatted(percent));
        output.answer(Map.of("steps", steps), Steps.text(steps));
        return DONE;
      }
      if (percent == 0 && isMoverUnable(space)) {
        return answer(new ReadsBack(space).run("asked for"), output);
      }
      return ask(space, output, Kind.SWITCH_READS, Map.of("percent", percent));
    }
  }

  @Command(name = "writes", mixinStandardHelpOptions = true,
      description = "Gives the module's tables to the service; the monolith's copy follows them from then on.")
  static final class Writes extends IntentCommand {

    @Option(names = "--terminate-blockers", description = "End the sessions whose transactions on the moved tables keep the switch from going on.")
    private boolean terminateBlockers;

    @Option(names = "--dry-run", description = "List every unmet condition and the steps; change nothing.")
    private boolean dryRun;

    @Override
    int run(Workspace space, Output output) throws InterruptedException {
      return dryRun ? dryRun(space, output) : ask(space, output, Kind.SWITCH_WRITES, Map.of("terminateBlockers", terminateBlockers));
    }

    private static int dryRun(Workspace space, Output output) {
      Extraction extraction = requirePhase(space, "Switch of writes", BEFORE_THE_SWITCH::contains, "IN_SYNC or READS_SWITCHED");
      List<Finding> unmet = new Unmet(space, extraction).ofSwitch();
      List<Finding> warnings = new Warnings(space.link(), space.proxies()).of(extraction);
      if (!unmet.isEmpty()) {
        throw new Refused("Switch of writes of '%s' would be refused:".formatted(space.module()), unmet, warnings);
      }
      List<String> steps = Steps.ofSwitch(space.plan(), Owner.MONOLITH);
      output.answer(Map.of("steps", steps, "unmet", unmet, "warnings", warnings), Steps.text(steps, warnings));
      return DONE;
    }
  }
}
