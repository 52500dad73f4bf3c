package dev.banyan.cli;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.Warnings;
import dev.banyan.move.mover.LossyRollback;
import dev.banyan.move.mover.ReadsBack;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "rollback", mixinStandardHelpOptions = true,
    description = "Gives the module back to the monolith, with every write made since.")
final class RollbackCommand extends IntentCommand {

  @Option(names = "--dry-run", description = "Print the steps; change nothing.")
  private boolean dryRun;

  @Option(names = "--unproven",
      description = "Go back also where the tables have been changed in a way that the log does not tell of, or were found to differ.")
  private boolean unproven;

  @Option(names = "--terminate-blockers", description = "End the sessions whose transactions on the moved tables keep the rollback from going on.")
  private boolean terminateBlockers;

  @ArgGroup(exclusive = false)
  private @Nullable Loss loss;

  /** What is known to be lost: both have to be said, as a rollback without them tells. */
  static final class Loss {

    @Option(names = "--accept-loss", paramLabel = "BYTES", required = true,
        description = "Go back without a service whose server is gone for good, and lose so much of its log. Needs --last-contact.")
    private long bytes;

    @Option(names = "--last-contact", paramLabel = "TIME", required = true,
        description = "When the service was reached last; what it has committed since is lost as well.")
    private Instant lastContact = Instant.EPOCH;
  }

  @Override
  int run(Workspace space, Output output) throws SQLException, InterruptedException {
    LossyRollback lossy = new LossyRollback(space);
    if (loss != null && !dryRun || lossy.isNeeded()) {
      return answer(lossy.run(Optional.ofNullable(dryRun ? null : loss).map(said -> new LossyRollback.Accepted(said.bytes, said.lastContact))), output);
    }
    if (!dryRun && isMoverUnable(space)) {
      return answer(new ReadsBack(space).run("asked for"), output);
    }
    return dryRun ? dryRun(space, output, unproven)
        : ask(space, output, Kind.ROLLBACK, Map.of("unproven", unproven, "terminateBlockers", terminateBlockers));
  }

  private static int dryRun(Workspace space, Output output, boolean unproven) {
    Extraction extraction = requirePhase(space, "Rollback", phase -> phase == Phase.WRITES_SWITCHED || phase == Phase.READS_SWITCHED,
        "READS_SWITCHED or WRITES_SWITCHED");
    List<Finding> unmet = extraction.phase() == Phase.READS_SWITCHED ? List.of()
        : new Unmet(space, extraction).ofRollback(unproven);
    List<Finding> warnings = new Warnings(space.link(), space.proxies()).of(extraction);
    if (!unmet.isEmpty()) {
      throw new Refused("Rollback of '%s' would be refused:".formatted(space.module()), unmet, warnings);
    }
    List<String> steps = extraction.phase() == Phase.READS_SWITCHED
        ? List.of("route every read to the monolith")
        : Steps.ofSwitch(space.plan(), Owner.SERVICE);
    output.answer(Map.of("steps", steps, "unmet", unmet, "warnings", warnings), Steps.text(steps, warnings));
    return DONE;
  }
}
