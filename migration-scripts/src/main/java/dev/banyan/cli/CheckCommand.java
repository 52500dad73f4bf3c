package dev.banyan.cli;

import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.move.check.Checked;
import dev.banyan.move.check.Checker;
import dev.banyan.move.check.Finding;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

@Command(name = "check", mixinStandardHelpOptions = true,
    description = "Lists every obstacle with its number and its remedy; changes nothing.")
final class CheckCommand extends PlanCommand {

  @ArgGroup(exclusive = false, heading = "With the code of the monolith, also what crosses the module's border in it and in the database:%n")
  private @Nullable CodeOptions code;

  @Override
  int run(Workspace space, Output output) {
    Checker checker = space.checker();
    refuseCompleted(checker, space);
    Checked checked = hasBegun(checker, space) ? checker.duringTheMove() : checker.beforeTheMove();
    if (code != null && checker.hasReachedBoth()) {
      return withCode(space, checked, code, output);
    }
    if (!checked.isClear()) {
      throw new Refused(refusal(space), checked.findings());
    }
    output.answer(Map.of("clear", true, "tables", checked.tables().size(), "unmet", checked.findings()),
        clear(space, checked));
    return DONE;
  }

  private int withCode(Workspace space, Checked checked, CodeOptions options, Output output) {
    List<String> problems = options.problems();
    if (!problems.isEmpty()) {
      throw new ParameterException(commandLine(), String.join("\n", problems));
    }
    BorderCheck border;
    try {
      border = BorderCheck.of(space, options);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine(), String.valueOf(e.getMessage()), e);
    }
    List<Finding> unmet = Stream.concat(checked.findings().stream(), border.unmet().stream()).toList();
    Map<String, Object> json = new LinkedHashMap<>();
    if (!unmet.isEmpty()) {
      json.put("error", refusal(space));
    }
    json.put("clear", unmet.isEmpty());
    json.put("tables", checked.tables().size());
    json.put("unmet", unmet);
    json.put("warnings", border.warnings());
    json.put("border", border.json());
    List<String> lines = new ArrayList<>(List.of(unmet.isEmpty() ? clear(space, checked) : refusal(space)));
    unmet.forEach(finding -> lines.add("  " + finding));
    border.warnings().forEach(warning -> lines.add("  note: " + warning));
    output.answer(json, String.join("\n", lines));
    return unmet.isEmpty() ? DONE : REFUSED;
  }

  private static String refusal(Workspace space) {
    return "Module '%s' cannot be moved:".formatted(space.module());
  }

  private String clear(Workspace space, Checked checked) {
    return "Nothing stands in the way of moving %d tables of module '%s'. Next: banyan run %s".formatted(
        checked.tables().size(), space.module(), file());
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
