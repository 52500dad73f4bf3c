package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.plan.TestLimits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A statement or its answer is lost on the one connection that carries it, and nobody is told: the mover goes on by
 * itself, wherever it was, without a row twice or none.
 */
class LostStatementIntegrationTests {

  private static final AtomicInteger MODULES = new AtomicInteger();
  private static final String TABLE = "create schema s; create table s.item (id int primary key, v text)";
  private static final String ROWS = "insert into s.item select i, 'v' || i from generate_series(1, 1000) i";

  private static Move move() {
    return Move.relayed("lost_statement_%d_%d".formatted(ProcessHandle.current().pid(), MODULES.incrementAndGet()),
        TestLimits.of("200ms", 3, 2, 100), List.of(Move.table("s.item")));
  }

  private static void assertLost(Move move, Owner side) {
    assertThat(move.relay(side).isAwaiting()).as("the statement was never sent").isFalse();
  }

  /** One of each kind: what is read, what is written, what opens a connection. */
  @ParameterizedTest
  @CsvSource({"MONOLITH, copy (, true", "SERVICE, from stdin, false", "SERVICE, set session_replication_role, true"})
  void isCopiedAnew(Owner side, String said, boolean heard) throws Exception {
    copiesAlthoughLost(side, said, heard);
  }

  @ParameterizedTest
  @CsvSource({"MONOLITH, copy (, false", "MONOLITH, CREATE_REPLICATION_SLOT, true", "MONOLITH, CREATE_REPLICATION_SLOT, false",
      "MONOLITH, set transaction snapshot, true", "MONOLITH, pg_try_advisory_lock, true", "MONOLITH, pg_try_advisory_lock, false",
      "SERVICE, from stdin, true", "SERVICE, copy_range, true", "SERVICE, copy_range, false", "SERVICE, COMMIT, true", "SERVICE, COMMIT, false",
      "SERVICE, set session_replication_role, false", "SERVICE, add constraint, true", "SERVICE, add constraint, false", "SERVICE, analyze, false"})
  @Tag("thorough")
  void isCopiedAnewWhateverIsLost(Owner side, String said, boolean heard) throws Exception {
    copiesAlthoughLost(side, said, heard);
  }

  private static void copiesAlthoughLost(Owner side, String said, boolean heard) throws Exception {
    try (Move move = move()) {
      move.onBoth(TABLE).onMonolith(ROWS);
      move.relay(side).loseOn(said, heard);
      move.start().awaitPhase(Phase.IN_SYNC);
      assertLost(move, side);
      move.onMonolith("update s.item set v = 'changed' where id % 10 = 0; delete from s.item where id % 11 = 0");
      move.assertSame("s.item", "id");
    }
  }

  @ParameterizedTest
  @CsvSource("set applied, true")
  void isStreamedAnew(String said, boolean heard) throws Exception {
    streamsAlthoughLost(said, heard);
  }

  @ParameterizedTest
  @CsvSource({"set applied, false", "SAVEPOINT, true", "RELEASE, true", "insert into, false"})
  @Tag("thorough")
  void isStreamedAnewWhateverIsLost(String said, boolean heard) throws Exception {
    streamsAlthoughLost(said, heard);
  }

  private static void streamsAlthoughLost(String said, boolean heard) throws Exception {
    try (Move move = move()) {
      move.onBoth(TABLE).onMonolith(ROWS).start().awaitPhase(Phase.IN_SYNC);
      move.relay(Owner.SERVICE).loseOn(said, heard);
      move.onMonolith("update s.item set v = 'changed' where id % 10 = 0; insert into s.item values (2000, 'new')");
      await("the new row").atMost(Duration.ofSeconds(120)).until(() -> {
        move.requireWell();
        return move.serviceRows("select v from s.item where id = 2000").equals(List.of("new"));
      });
      assertLost(move, Owner.SERVICE);
      move.assertSame("s.item", "id");
    }
  }

  /** It has answered a moment before, and so it is not the plan that is wrong. */
  @ParameterizedTest
  @EnumSource(Owner.class)
  void waitsForADatabaseThatIsAwayAgainWhileItTakesOver(Owner side) throws Exception {
    try (Move move = move()) {
      move.onBoth(TABLE).onMonolith(ROWS).start().awaitPhase(Phase.IN_SYNC);
      move.relay(Owner.MONOLITH).when("pg_try_advisory_lock", () -> move.relay(side).loseOn("pid = pg_backend_pid()", true));
      move.cut(move.space.monolith());
      await("the loss").atMost(Duration.ofSeconds(120)).until(() ->
          !move.relay(Owner.MONOLITH).isAwaiting() && !move.relay(side).isAwaiting());
      move.assertSame("s.item", "id");
    }
  }

  /** The mover takes the hold for failed, and the record has it. */
  @Test
  void letsGoWhatItDoesNotKnowThatItHolds() throws Exception {
    try (Move move = move()) {
      move.onBoth(TABLE).onMonolith(ROWS).start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      move.relay(Owner.MONOLITH).loseBehind("held = true");
      Intent asked = move.ask(Kind.SWITCH_WRITES);
      assertThat(asked.outcome().get("message").toString()).contains("cancelled before its point of no return");
      assertLost(move, Owner.MONOLITH);
      await("the release").atMost(Duration.ofSeconds(30)).until(() -> !move.space.control().get(move.space.module()).held());
      assertThat(move.awaitDone(Kind.SWITCH_WRITES).outcome()).containsEntry("owner", "service");
    }
  }

  /** The mover does not know whether it has decided; the record does. */
  @Test
  void carriesOnWhatItDoesNotKnowThatItDecided() throws Exception {
    try (Move move = move()) {
      move.onBoth(TABLE).onMonolith(ROWS).start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      move.relay(Owner.MONOLITH).loseBehind("set owner = ");
      move.ask(Kind.SWITCH_WRITES);
      assertLost(move, Owner.MONOLITH);
      await("the release").atMost(Duration.ofSeconds(60)).until(() -> !move.space.control().get(move.space.module()).held());
      assertThat(move.space.control().get(move.space.module()).owner()).isEqualTo(Owner.SERVICE);
      move.onService("insert into s.item values (2000, 'new')");
      move.assertSame("s.item", "id");
    }
  }

  /** The one that asked is told that it was broken off, or answered. */
  @ParameterizedTest
  @CsvSource({"MONOLITH, select count(*), true", "SERVICE, select count(*), false", "SERVICE, max_parallel_workers, true"})
  @Tag("thorough")
  void isVerifiedAgain(Owner side, String said, boolean heard) throws Exception {
    try (Move move = move()) {
      move.onBoth(TABLE).onMonolith(ROWS).start().awaitPhase(Phase.IN_SYNC);
      move.relay(side).loseOn(said, heard);
      move.ask(Kind.VERIFY);
      assertLost(move, side);
      move.assertSame("s.item", "id");
    }
  }
}
