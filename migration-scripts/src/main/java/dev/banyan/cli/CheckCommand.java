package dev.banyan.cli;

import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.move.check.Checked;
import dev.banyan.move.check.Checker;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "check", mixinStandardHelpOptions = true,
    description = "Lists every obstacle with its number and its remedy; changes nothing.")
final class CheckCommand extends PlanCommand {

  @Override
  int run(Workspace space, Output output) {
    Checker checker = space.checker();
    refuseCompleted(checker, space);
    Checked checked = hasBegun(checker, space) ? checker.duringTheMove() : checker.beforeTheMove();
    if (!checked.isClear()) {
      throw new Refused("Module '%s' cannot be moved:".formatted(space.module()), checked.findings());
    }
    output.answer(Map.of("clear", true, "tables", checked.tables().size(), "unmet", checked.findings()),
        "Nothing stands in the way of moving %d tables of module '%s'. Next: banyan run %s".formatted(
            checked.tables().size(), space.module(), file()));
    return DONE;
  }

  private static void refuseCompleted(Checker checker, Workspace space) {
    if (checker.isReachable() && space.control().isInstalled()
        && space.control().find(space.module()).filter(record -> record.phase() == Phase.COMPLETED).isPresent()) {
      throw new Refused("Module '%s' has been completed: the service owns it, and there is nothing left to move.".formatted(space.module()));
    }
  }

  private static boolean hasBegun(Checker checker, Workspace space) {
    if (!checker.isReachable() || !space.control().isInstalled()) {
      return false;
    }
    Optional<Extraction> extraction = space.control().find(space.module());
    return extraction.isPresent() && extraction.get().phase() != Phase.CANCELLED && extraction.get().phase() != Phase.PLANNED;
  }
}
