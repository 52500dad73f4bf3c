package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.TwoServers;
import dev.banyan.move.cutover.protocol.SwitchStep;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TestLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A fault exactly in front of each step of a switch and of a rollback, under a load that writes to whichever side lets it.
 * After each: one side owns and accepts writes, nothing is held, and the mover goes on by itself. In the end both sides are
 * equal, and the answers of all the bookings are those of accounts in one place.
 */
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
    try (Move move = Move.relayed(module, LIMITS, List.of(Move.table("s.account"), Move.table("s.entry"))).gated(gate)) {
      move.onBoth(Accounts.TABLES).onMonolith(Accounts.FILL).start().awaitPhase(Phase.IN_SYNC);
      Path plan = move.writePlan(directory);
      try (Accounts accounts = new Accounts(move, 3)) {
        assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
        for (Cell cell : cells) {
          for (Owner from : Owner.values()) {
            if (owner(move) != from) {
              move.awaitDone(verb(owner(move)));
            }
            long before = accounts.done();
            happen(move, gate, plan, cell);
            assertSettled(move, cell, from);
            await("bookings after " + cell).atMost(Duration.ofSeconds(30)).until(() -> accounts.done() > before + 10);
          }
        }
        accounts.close();
        assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
        accounts.assertNothingLostOrDoubled();
      }
    }
  }

  private static Owner owner(Move move) {
    return move.space.control().get(move.space.module()).owner();
  }

  private static Kind verb(Owner from) {
    return from == Owner.MONOLITH ? Kind.SWITCH_WRITES : Kind.ROLLBACK;
  }

  private void happen(Move move, StoppingGate gate, Path plan, Cell cell) throws Exception {
    Owner from = owner(move);
    if (cell.fault() == Fault.MOVER_KILLED) {
      killedAt(move, plan, cell.step(), from);
      return;
    }
    gate.stopAt(cell.step().name());
    request(move, from);
    gate.awaitReached();
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

  private static void request(Move move, Owner from) {
    await().until(() -> move.space.intents().request(move.space.module(), verb(from), Map.of("unproven", true), "test").isPresent());
  }

  private void killedAt(Move move, Path plan, SwitchStep step, Owner from) throws Exception {
    move.stop();
    try (KillableMover mover = KillableMover.start(plan, step.name())) {
      mover.awaitStep(move, verb(from));
    }
    move.start();
  }

  private static void assertSettled(Move move, Cell cell, Owner from) {
    String module = move.space.module();
    await("settled after " + cell).atMost(Duration.ofSeconds(120)).ignoreExceptions().untilAsserted(() -> {
      move.requireWell();
      assertThat(move.space.intents().open(module)).isEmpty();
      Extraction record = move.space.control().get(module);
      assertThat(record.held()).isFalse();
      assertThat(move.space.progress().mover(module).orElseThrow().state()).isEqualTo("streaming");
      assertThat(possible(cell, from)).contains(record.owner());
    });
  }

  /** Before the decision the owner stays, after it the other one owns; a fault need not break off what can do without. */
  private static List<Owner> possible(Cell cell, Owner from) {
    if (cell.step().isDecisive() && cell.step() != SwitchStep.DECIDE) {
      return List.of(from.other());
    }
    return cell.fault() == Fault.FAILS || cell.fault() == Fault.MOVER_KILLED ? List.of(from) : List.of(Owner.values());
  }
}
