package dev.banyan.cli;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import dev.banyan.control.Progress.MoverState;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Checker;
import dev.banyan.move.check.Finding;
import dev.banyan.move.mover.ReadsBack;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A verb that the mover carries out: asks for it, and waits until it has ended. */
abstract class IntentCommand extends PlanCommand {

  /** Asks the mover, waits, and prints the outcome; returns the exit code. */
  final int ask(Workspace space, Output output, Kind kind, Map<String, ?> argument) throws InterruptedException {
    return answer(outcome(space, output, kind, argument), output);
  }

  /** Asks the mover, waits, and returns what came of it; how far it comes is told on the way. */
  static Map<String, Object> outcome(Workspace space, Output output, Kind kind, Map<String, ?> argument) throws InterruptedException {
    requireReachable(space);
    requireMover(space);
    Intent ended = await(space, output, request(space, kind, argument));
    Map<String, Object> outcome = new LinkedHashMap<>(ended.outcome());
    outcome.put("module", space.module());
    if (ended.state() != State.DONE) {
      throw new Refused(String.valueOf(outcome.get("message")).lines().findFirst().orElse(""), unmet(outcome));
    }
    return outcome;
  }

  /** Prints what came of it; returns the exit code. */
  int answer(Map<String, Object> outcome, Output output) {
    output.answer(outcome, String.valueOf(outcome.get("message")));
    return DONE;
  }

  /** Returns the extraction, or refuses where there is none. */
  static Extraction requireExtraction(Workspace space) {
    requireReachable(space);
    if (!space.control().isInstalled()) {
      throw notPlanned(space);
    }
    return space.control().find(space.module()).orElseThrow(() -> notPlanned(space));
  }

  /** Returns the extraction, or refuses as the mover would where it is in another phase. */
  static Extraction requirePhase(Workspace space, String verb, Predicate<Phase> legal, String needed) {
    Extraction extraction = requireExtraction(space);
    if (!legal.test(extraction.phase())) {
      throw new Refused("%s of '%s' refused: the phase is %s, needed: %s.".formatted(verb, space.module(), extraction.phase(), needed));
    }
    return extraction;
  }

  private static Refused notPlanned(Workspace space) {
    return new Refused("No move of module '%s' has begun. Begin it: banyan run %s".formatted(space.module(), space.plan().file()));
  }

  private static void requireReachable(Workspace space) {
    Checker checker = space.checker();
    if (!checker.isReachable()) {
      throw new Refused("The mover of module '%s' cannot be asked:".formatted(space.module()), checker.found());
    }
  }

  private static void requireMover(Workspace space) {
    Extraction extraction = requireExtraction(space);
    if (extraction.phase().isEnded()) {
      throw new Refused("The move of module '%s' has ended: the phase is %s.".formatted(space.module(), extraction.phase()));
    }
    if (!isMoverAlive(space)) {
      throw new Refused("No mover runs for module '%s'%s. Start it: banyan run %s".formatted(space.module(),
          space.progress().mover(space.module()).flatMap(MoverState::message).map(m -> "; it stopped: " + m.replaceFirst("\\.$", "")).orElse(""),
          space.plan().file()));
    }
  }

  /** Tells whether reads are to be taken back, and the service that does not answer keeps the mover from it. */
  static boolean isMoverUnable(Workspace space) {
    Checker checker = space.checker();
    return !checker.isReachable() && checker.hasReached(Owner.MONOLITH) && new ReadsBack(space).isNeeded();
  }

  static boolean isMoverAlive(Workspace space) {
    return space.progress().mover(space.module()).filter(MoverState::alive).isPresent();
  }

  private static long request(Workspace space, Kind kind, Map<String, ?> argument) {
    Optional<Long> id = space.intents().request(space.module(), kind, argument, Workspace.actor());
    return id.orElseThrow(() -> new Refused(
        "The mover of module '%s' is busy with something else that was asked for. Try again when it is done.".formatted(space.module())));
  }

  private static Intent await(Workspace space, Output output, long id) throws InterruptedException {
    return new AskedIntent(space.intents(), id, () -> isMoverAlive(space)).awaitEnd(output::say).orElseThrow(() -> new Refused(
        "The mover of module '%s' is gone; whatever it had begun is settled when it is started again: banyan run %s"
            .formatted(space.module(), space.plan().file())));
  }

  private static List<Finding> unmet(Map<String, Object> outcome) {
    List<Finding> unmet = new ArrayList<>();
    if (outcome.get("unmet") instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> finding) {
          unmet.add(new Finding(text(finding, "condition"), text(finding, "measured"), text(finding, "allowed"), text(finding, "remedy")));
        }
      }
    }
    return unmet;
  }

  private static String text(Map<?, ?> finding, String key) {
    return String.valueOf(finding.get(key));
  }
}
