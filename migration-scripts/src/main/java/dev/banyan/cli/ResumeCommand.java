package dev.banyan.cli;

import dev.banyan.control.Extraction;
import dev.banyan.move.mover.Workspace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "resume", mixinStandardHelpOptions = true,
    description = "Lets a copy that was paused go on from where it stands.")
final class ResumeCommand extends IntentCommand {

  @Option(names = "--dry-run", description = "Print the steps; change nothing.")
  private boolean dryRun;

  @Override
  int run(Workspace space, Output output) {
    Extraction extraction = requireExtraction(space);
    if (dryRun) {
      List<String> steps = space.pauses().find(space.module()).isPresent() ? Steps.ofResume() : List.of();
      output.answer(Map.of("steps", steps), steps.isEmpty() ? notPaused(space) + " Nothing would be done." : Steps.text(steps));
      return DONE;
    }
    boolean ended = space.pauses().end(extraction);
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("message", ended ? "The copy of module '%s' goes on%s.".formatted(space.module(), isMoverAlive(space) ? ""
        : " when the mover is started: banyan run " + space.plan().file())
        : notPaused(space));
    outcome.put("module", space.module());
    outcome.put("paused", false);
    return answer(outcome, output);
  }

  private static String notPaused(Workspace space) {
    return "The copy of module '%s' is not paused.".formatted(space.module());
  }
}
