package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.move.database.TableName;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TablePlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A publication that carries other rows than the plan moves, because somebody has given it another filter. */
class FilteredRowsIntegrationTests {

  private static final String TABLE = "create schema s; create table s.t (id int primary key, n int); alter table s.t replica identity full";
  private static final String FILTERED_BY = "alter publication banyan_filtered set table s.t where (%s)";

  private static Move inSync() {
    TableName name = new TableName("s", "t");
    Move move = Move.of("filtered", Limits.defaults(), List.of(new TablePlan(name, name, Map.of(), Optional.of("n > 10"), 1)));
    move.onBoth(TABLE).onMonolith("insert into s.t select i, i from generate_series(1, 20) i").start().awaitPhase(Phase.IN_SYNC);
    return move;
  }

  private static void awaitLast(Move move, String beginning) {
    await(beginning + "; it said " + move.said).atMost(Duration.ofSeconds(20))
        .until(() -> move.said.get(move.said.size() - 1).startsWith(beginning));
  }

  @Test
  void stopsWhereThePublicationHasAnotherFilterAndGoesOnWhereItHasItsOwn() throws Exception {
    try (Move move = inSync()) {
      move.onMonolith(FILTERED_BY.formatted("n > 15"));
      awaitLast(move, "Halted");
      assertThat(move.said.get(move.said.size() - 1)).contains("does not carry the plan's rows")
          .contains("alter publication \"banyan_filtered\" add table \"s\".\"t\" where (n > 10);");
      move.onMonolith(FILTERED_BY.formatted("n > 10"));
      awaitLast(move, "Streaming from");
      move.onMonolith("update s.t set n = n + 1");
      await().untilAsserted(() -> assertThat(move.serviceRows("select n::text from s.t where id = 10")).containsExactly("11"));
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    }
  }

  @Test
  void goesOnWhereSomebodyHasTakenTheNoteAway() throws Exception {
    try (Move move = inSync()) {
      move.onMonolith("comment on publication banyan_filtered is null; update s.t set n = n + 1");
      await().untilAsserted(() -> assertThat(move.serviceRows("select n::text from s.t where id = 10")).containsExactly("11"));
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    }
  }
}
