package dev.banyan.cli;

import dev.banyan.control.Extraction;
import dev.banyan.control.Pauses;
import dev.banyan.control.Pauses.Pause;
import dev.banyan.control.Phase;
import dev.banyan.move.database.CopyLedger;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "pause", mixinStandardHelpOptions = true,
    description = "Lets the copy stand still until `resume`, also over a restart of the mover. What is copied stays and is kept up to date by "
        + "the stream; no snapshot is held open.")
final class PauseCommand extends IntentCommand {

  private static final Duration IN_FORCE_WITHIN = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(100);

  @Option(names = "--dry-run", description = "Print the steps; change nothing.")
  private boolean dryRun;

  @Override
  int run(Workspace space, Output output) throws InterruptedException {
    Extraction extraction = requireExtraction(space);
    requireCopying(space, extraction);
    if (dryRun) {
      List<String> steps = Steps.ofPause();
      output.answer(Map.of("steps", steps), Steps.text(steps));
      return DONE;
    }
    boolean begun = space.pauses().begin(extraction, Workspace.actor());
    boolean inForce = awaitInForce(space);
    answer(outcome(space, begun, inForce), output);
    return DONE;
  }

  private static void requireCopying(Workspace space, Extraction extraction) {
    Phase phase = extraction.phase();
    boolean copied = phase != Phase.PLANNED
        && (phase != Phase.COPYING || new CopyLedger(space.service(), space.module()).isConcluded());
    if (phase.isEnded()) {
      throw new Refused("The move of module '%s' has ended: the phase is %s.".formatted(space.module(), phase));
    }
    if (copied) {
      throw new Refused(("Pause of '%s' refused: the phase is %s and every row is copied; only the copy can be paused. The stream"
          + " goes on, for a slot that stands still fills the disk of the %s.").formatted(space.module(), phase, extraction.owner().word()));
    }
  }

  private static boolean awaitInForce(Workspace space) throws InterruptedException {
    Pauses pauses = space.pauses();
    long until = System.nanoTime() + IN_FORCE_WITHIN.toNanos();
    Optional<Pause> pause = pauses.find(space.module());
    while (pause.isPresent() && !pause.get().inForce() && isMoverAlive(space) && System.nanoTime() < until) {
      Thread.sleep(POLL.toMillis());
      pause = pauses.find(space.module());
    }
    return pause.filter(Pause::inForce).isPresent() || !isMoverAlive(space);
  }

  private static Map<String, Object> outcome(Workspace space, boolean begun, boolean inForce) {
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("message", "The copy of module '%s' %s.%s Next: banyan resume %s".formatted(space.module(),
        begun ? "is paused" : "was paused already", inForce ? "" : " Ranges that are under way are still being ended.",
        space.plan().file()));
    outcome.put("module", space.module());
    outcome.put("paused", true);
    outcome.put("inForce", inForce);
    return outcome;
  }
}
