package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.JournalRecord;
import dev.banyan.control.Phase;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TablePlan;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Making rows equal that a verification has found to differ. */
class RepairIntegrationTests {

  private static final Map<String, Object> REPAIR = Map.of("repair", true);

  @Test
  void writesTheRowsThatDifferAndNoOther() throws Exception {
    try (Move move = Move.of("repair", "s.t")) {
      move.onBoth("create schema s; create table s.t (id bigint primary key, v text unique, n numeric);")
          .onMonolith("insert into s.t select i, 'v' || i, i / 7.0 from generate_series(1, 1000) i").start().awaitPhase(Phase.IN_SYNC);
      move.pastTheFence("delete from s.t where id in (1, 2); update s.t set v = null, n = 0 where id = 3; insert into s.t values (2000, 'v1', 1)");
      List<String> untouched = move.serviceRows("select xmin || ' ' || id from s.t where id between 4 and 1000 order by id");

      Intent repaired = move.ask(Kind.VERIFY, REPAIR);
      assertThat(repaired.outcome()).containsEntry("equal", true);
      assertThat(((Map<?, ?>) repaired.outcome().get("repaired")).get("rows")).isEqualTo(4);
      String all = "select (t.*)::text from s.t t order by id";
      assertThat(move.serviceRows(all)).isEqualTo(move.monolithRows(all));
      assertThat(move.serviceRows("select xmin || ' ' || id from s.t where id between 4 and 1000 order by id")).isEqualTo(untouched);
      assertThat(move.space.control().journal("repair", 20).stream().map(JournalRecord::event).toList()).contains("repairing", "repaired");
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
    }
  }

  @Test
  void repairsUnderLoadWithoutLosingAWrite() throws Exception {
    try (Move move = Move.of("repair_load", "s.t")) {
      move.onBoth("create schema s; create table s.t (id bigint primary key, v text);")
          .onMonolith("insert into s.t select i, 'v' from generate_series(1, 2000) i").start().awaitPhase(Phase.IN_SYNC);
      // Rows that the load leaves alone, so that the stream does not meet the difference before the repair does.
      move.onMonolith("insert into s.t select i, 'kept' from generate_series(5000, 5100) i");
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      try (Load load = new Load(move, 3, 2_000)) {
        for (int run = 0; run < 5; run++) {
          load.awaitMore(50);
          move.pastTheFence("update s.t set v = 'bent' where id between 5000 and 5040; delete from s.t where id = 5050");
          Intent repaired = move.ask(Kind.VERIFY, REPAIR);
          assertThat(repaired.state()).as(repaired.outcome().toString()).isEqualTo(State.DONE);
          assertThat(repaired.outcome()).containsEntry("equal", true).containsKey("repaired");
        }
        load.awaitMore(50);
        assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      }
      assertThat(move.failure).isNull();
    }
  }

  /** Behind the position whose rows are written, and before they are: a lock on the first of them keeps the repair waiting. */
  @Test
  void aRowThatTheOwnerChangesDuringTheRepairEndsAsTheOwnerHasIt() throws Exception {
    try (Move move = Move.of("repair_race", "s.t"); Connection locker = move.space.service().connect()) {
      move.onBoth("create schema s; create table s.t (id bigint primary key, v text);")
          .onMonolith("insert into s.t select i, 'old' from generate_series(1, 20) i").start().awaitPhase(Phase.IN_SYNC);
      move.pastTheFence("update s.t set v = 'bent'");
      List<String> order = move.monolithRows("select id::text from s.t order by hash_record_extended(row(id), 0)");
      String last = "select v from s.t where id = " + order.get(19);
      locker.setAutoCommit(false);
      locker.createStatement().execute("select from s.t where id = %s for update".formatted(order.get(0)));
      long asked = move.space.intents().request("repair_race", Kind.VERIFY, REPAIR, "test").orElseThrow();
      await().until(() -> !move.serviceRows("""
          select 'waits' from pg_stat_activity where datname = 'repair_race' and wait_event_type = 'Lock' and query like 'update "s"."t"%'""").isEmpty());
      move.onMonolith("update s.t set v = 'new' where id = " + order.get(19));
      await("the stream stands still").during(Duration.ofMillis(300)).until(() -> move.serviceRows(last).equals(List.of("bent")));
      locker.rollback();
      await().until(() -> move.space.intents().get(asked).state().isEnded());
      assertThat(move.space.intents().get(asked).outcome()).containsEntry("equal", true);
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      assertThat(move.serviceRows(last)).containsExactly("new");
    }
  }

  @Test
  void aRepairThatTheFollowerRefusesChangesNothingAndTheStreamGoesOn() throws Exception {
    try (Move move = Move.of("repair_refused", "s.t")) {
      move.onBoth("create schema s; create table s.t (id bigint primary key, v text);")
          .onMonolith("insert into s.t values (1, 'a'), (2, 'b')").start().awaitPhase(Phase.IN_SYNC);
      move.pastTheFence("update s.t set v = 'bent'; alter table s.t add constraint no_b check (v <> 'b')");
      Intent refused = move.ask(Kind.VERIFY, REPAIR);
      assertThat(refused.state()).isEqualTo(State.REFUSED);
      assertThat(refused.outcome().get("message").toString()).contains("no_b", "nothing was changed");
      assertThat(move.serviceRows("select v from s.t")).containsExactly("bent", "bent");
      move.onMonolith("insert into s.t values (3, 'c')");
      await().untilAsserted(() -> assertThat(move.serviceRows("select v from s.t where id = 3")).containsExactly("c"));
      move.pastTheFence("alter table s.t drop constraint no_b");
      assertThat(move.ask(Kind.VERIFY, REPAIR).outcome()).containsEntry("equal", true);
    }
  }

  @Test
  void leavesColumnsAloneThatDoNotMove() throws Exception {
    try (Move move = Move.of("repair_left_out", Limits.defaults(), List.of(new TablePlan(new TableName("s", "a"), new TableName("t", "b"),
        Map.of("zip", Optional.of("postal_code"), "note", Optional.empty()), Optional.empty(), 1)))) {
      move.onMonolith("create schema s; create table s.a (id int primary key, zip text, note text); insert into s.a values (1, 'z1', 'mine'), (2, 'z2', 'mine')")
          .onService("create schema t; create table t.b (id int primary key, postal_code text)").start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
      move.onMonolith("set session_replication_role = replica; update s.a set zip = 'bent' where id = 1; reset session_replication_role");
      assertThat(move.ask(Kind.VERIFY, REPAIR).outcome()).containsEntry("equal", true);
      assertThat(move.monolithRows("select zip || note from s.a order by id")).containsExactly("z1mine", "z2mine");
    }
  }
}
