package dev.banyan.move.mover;


import dev.banyan.control.client.Owner;
import dev.banyan.move.TwoServers;
import dev.banyan.move.cutover.protocol.SwitchStep;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TestLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A fault exactly in front of each step of a switch and of a rollback. */
class StepFaultIntegrationTests {

  private static final Limits LIMITS = TestLimits.of("300ms", 5, 2, 1_000);

  @TempDir
  private Path directory;

  /** What happens in front of the step. */
  enum Fault {
    /** The step fails by itself. */
    FAILS,
    /** {@code kill -9} of the mover's process. */
    MOVER_KILLED,
    /** {@code kill -9} of the server that gives the tables up, started again. */
    SOURCE_KILLED,
    /** The same with the other one. */
    TARGET_KILLED,
    /** All of the mover's connections end. */
    CUT,
    /** All of the mover's connections stay open and carry nothing any more. */
    LOST
  }

  private record Cell(SwitchStep step, Fault fault) {}

  @Test
  void settlesWhateverFailsWhereIt() throws Exception {
    run(List.of(new Cell(SwitchStep.CREATE_WAY_BACK, Fault.TARGET_KILLED), new Cell(SwitchStep.FENCE, Fault.FAILS),
        new Cell(SwitchStep.PROVE, Fault.CUT), new Cell(SwitchStep.DECIDE, Fault.MOVER_KILLED), new Cell(SwitchStep.OPEN, Fault.MOVER_KILLED),
        new Cell(SwitchStep.RELEASE, Fault.SOURCE_KILLED)), "step_faults");
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource
  void settlesWhateverFailsWherever(Fault fault) throws Exception {
    run(Stream.of(SwitchStep.values()).map(step -> new Cell(step, fault)).toList(), "step_" + fault.name().toLowerCase(Locale.ROOT));
  }

  private void run(List<Cell> cells, String module) throws Exception {
    StoppingGate gate = new StoppingGate();
    try (Move move = Move.relayed(module, LIMITS, List.of(Move.table("s.account"), Move.table("s.entry"))).gated(gate);
        SwitchTrials trials = SwitchTrials.begin(move, 3)) {
      Path plan = move.writePlan(directory);
      for (Cell cell : cells) {
        for (Owner from : Owner.values()) {
          trials.run(cell, from, possible(cell, from), () -> happen(move, trials, gate, plan, cell, from));
        }
      }
      trials.assertNothingLostOrDoubled();
    }
  }

  private static void happen(Move move, SwitchTrials trials, StoppingGate gate, Path plan, Cell cell, Owner from) throws Exception {
    if (cell.fault() == Fault.MOVER_KILLED) {
      killedAt(move, plan, cell.step(), from);
      return;
    }
    gate.stopAt(cell.step().name());
    trials.requestUntilReached(from, gate);
    switch (cell.fault()) {
      case SOURCE_KILLED -> TwoServers.kill(from);
      case TARGET_KILLED -> TwoServers.kill(from.other());
      case CUT -> {
        move.cut(move.space.monolith());
        move.cut(move.space.service());
      }
      case LOST -> {
        move.relay(Owner.MONOLITH).lose();
        move.relay(Owner.SERVICE).lose();
      }
      case FAILS, MOVER_KILLED -> { }
    }
    if (cell.fault() == Fault.FAILS) {
      gate.fail(new IllegalStateException("injected"));
    } else {
      gate.letGo();
    }
  }

  private static void killedAt(Move move, Path plan, SwitchStep step, Owner from) throws Exception {
    move.stop();
    try (KillableMover mover = KillableMover.start(plan, step.name())) {
      mover.awaitStep(move, SwitchTrials.verb(from));
    }
    move.start();
  }

  /** Before the decision the owner stays, after it the other one owns; a fault need not break off what can do without. */
  private static List<Owner> possible(Cell cell, Owner from) {
    if (cell.step().isDecisive() && cell.step() != SwitchStep.DECIDE) {
      return List.of(from.other());
    }
    return cell.fault() == Fault.FAILS || cell.fault() == Fault.MOVER_KILLED ? List.of(from) : List.of(Owner.values());
  }
}
