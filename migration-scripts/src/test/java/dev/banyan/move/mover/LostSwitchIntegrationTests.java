package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.protocol.SwitchStep;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TestLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A statement of a switch or of a rollback, or its answer, is lost on the one connection that carries it, and nobody is
 * told. The switch ends by itself, done or taken back.
 */
class LostSwitchIntegrationTests {

  private static final Limits LIMITS = TestLimits.of("300ms", 5, 2, 1_000);

  /** Where something is said. */
  private enum At {
    /** The side that gives the tables up. */
    FROM,
    /** The other one. */
    TO,
    /** The control tables, whoever owns. */
    MONOLITH;

    Owner side(Owner from) {
      return this == MONOLITH ? Owner.MONOLITH : this == FROM ? from : from.other();
    }
  }

  /** A mark or a beat; the statement itself is said once, and is known to the server by a name from then on. */
  private static final String MARK = "%s:";

  /** What a step says, its statement or a value of it; steps that say nothing of their own are not here. */
  private enum Said {
    ANNOUNCE(At.MONOLITH, "insert into banyan.journal"),
    CLEAR_WAY_BACK(At.TO, "banyan_%s_%s"),
    CREATE_WAY_BACK(At.TO, "pg_create_logical_replication_slot"),
    PREPARE_PROOF(At.FROM, "set max_parallel_workers_per_gather"),
    PROBE(At.TO, MARK),
    HOLD(At.MONOLITH, "update banyan.extraction"),
    AWAIT_PROXIES(At.MONOLITH, "banyan.proxy"),
    FENCE(At.FROM, "lock table"),
    CATCH_UP(At.FROM, MARK),
    PROVE(At.FROM, "pg_current_wal_insert_lsn"),
    TURN(At.TO, MARK),
    STORE_TURN(At.FROM, "update banyan.side set applied"),
    PREPARE_OPENING(At.TO, "lock table"),
    DECIDE(At.MONOLITH, "update banyan.extraction"),
    OPEN(At.TO, "COMMIT"),
    RELEASE(At.MONOLITH, "update banyan.extraction"),
    ADOPT_FORMER(At.FROM, "%s"),
    BEGIN_WAY_BACK(At.FROM, "set session_replication_role"),
    CERTIFY(At.MONOLITH, "s.account"),
    DROP_FORMER_SLOT(At.FROM, "pg_drop_replication_slot"),
    REPORT(At.MONOLITH, "switch.done");

    private final At at;
    private final String text;

    Said(At at, String text) {
      this.at = at;
      this.text = text;
    }

    SwitchStep step() {
      return SwitchStep.valueOf(name());
    }
  }

  private record Cell(Said said, boolean heard, Owner from) {

    Owner side() {
      return said.at.side(from);
    }
  }

  @Test
  void endsWhereAStatementOrItsAnswerIsLost() throws Exception {
    run("lost_switch", List.of(new Cell(Said.FENCE, true, Owner.MONOLITH), new Cell(Said.OPEN, true, Owner.MONOLITH),
        new Cell(Said.DECIDE, false, Owner.SERVICE)));
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource
  void endsWhicheverIsLost(Said said) throws Exception {
    run("lost_" + said.name().toLowerCase(Locale.ROOT), Arrays.stream(Owner.values())
        .flatMap(from -> Stream.of(new Cell(said, true, from), new Cell(said, false, from))).toList());
  }

  private static void run(String module, List<Cell> cells) throws Exception {
    StoppingGate gate = new StoppingGate();
    try (Move move = Move.relayed(module, LIMITS, List.of(Move.table("s.account"), Move.table("s.entry"))).gated(gate);
        SwitchTrials trials = SwitchTrials.begin(move, 2)) {
      for (Cell cell : cells) {
        trials.run(cell, cell.from(), possible(cell), () -> lose(move, trials, gate, cell));
        assertThat(move.relay(cell.side()).isAwaiting()).as("said in %s", cell).isFalse();
      }
      trials.assertNothingLostOrDoubled();
    }
  }

  private static void lose(Move move, SwitchTrials trials, StoppingGate gate, Cell cell) throws InterruptedException {
    gate.stopAt(cell.said().step().name());
    trials.requestUntilReached(cell.from(), gate);
    move.relay(cell.side()).loseOn(cell.said().text.formatted(move.space.module(), cell.side().word()), cell.heard());
    gate.letGo();
    if (cell.said().step().isHeld() && !cell.said().step().isDecisive()) {
      awaitSoonReleased(move, cell);
    }
  }

  /** While writes wait a lost connection is noticed sooner than the 10 s that it takes at other times. */
  private static void awaitSoonReleased(Move move, Cell cell) {
    await("the loss in " + cell).until(() -> !move.relay(cell.side()).isAwaiting());
    await("the end of the hold after " + cell).atMost(Duration.ofSeconds(8))
        .until(() -> !move.space.control().get(move.space.module()).held());
  }

  /** Behind the decision the other one owns; a loss need not break off what goes on by itself. */
  private static List<Owner> possible(Cell cell) {
    SwitchStep step = cell.said().step();
    return step.isDecisive() && step != SwitchStep.DECIDE ? List.of(cell.from().other()) : List.of(Owner.values());
  }
}
