package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.JournalRecord;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What has changed since a certificate, and its proof. */
class ChangedSinceIntegrationTests {

  private static final String TABLE = "create schema s; create table s.t (id bigint primary key, v text);";

  private static Move certified(String module) {
    Move move = Move.of(module, "s.t");
    move.onBoth(TABLE).onMonolith("insert into s.t select i, 'v' || i from generate_series(1, 1000) i").start().awaitPhase(Phase.IN_SYNC);
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    return move;
  }

  private static Intent verifyChanged(Move move) {
    return move.ask(Kind.VERIFY, Map.of("changed", true));
  }

  private static Map<?, ?> table(Intent intent) {
    return (Map<?, ?>) ((List<?>) intent.outcome().get("tables")).get(0);
  }

  private static String position(Move move) {
    return move.space.certificates().ofTables(move.space.module()).get("s.t").orElseThrow().position();
  }

  private static void awaitOnService(Move move, String query, String expected) {
    await().untilAsserted(() -> assertThat(move.serviceRows(query)).containsExactly(expected));
  }

  @Test
  void provesJustTheKeysThatHaveChangedAndMovesTheCertificate() throws Exception {
    try (Move move = certified("delta")) {
      String before = position(move);
      move.onMonolith("""
          update s.t set v = 'changed' where id = 1; update s.t set v = 'changed again' where id = 1;
          delete from s.t where id = 2; insert into s.t values (2000, 'new'); update s.t set id = 3000 where id = 3;
          begin; insert into s.t values (4000, 'brief'); delete from s.t where id = 4000; commit""");
      Intent proven = verifyChanged(move);
      assertThat(proven.outcome()).containsEntry("equal", true).containsEntry("compared", "changed");
      assertThat(table(proven).get("rows")).as("keys 1, 2, 2000, 3, 3000, 4000").isEqualTo(6);
      assertThat(position(move)).isNotEqualTo(before);
      assertThat(table(verifyChanged(move)).get("rows")).isEqualTo(0);
    }
  }

  @Test
  void findsARowThatWasBentSinceAndNoOther() throws Exception {
    try (Move move = certified("delta_bent")) {
      move.onMonolith("update s.t set v = 'changed' where id in (1, 2, 3)");
      awaitOnService(move, "select count(*)::text from s.t where v = 'changed'", "3");
      move.pastTheFence("update s.t set v = 'bent' where id = 2; delete from s.t where id = 3");
      Intent found = verifyChanged(move);
      assertThat(found.outcome()).containsEntry("equal", false);
      assertThat(table(found).get("samples").toString()).contains("different (2): v", "missing (3)").doesNotContain("(1)");
      assertThat(move.ask(Kind.SWITCH_WRITES).outcome().get("message").toString()).contains("both sides differ");
    }
  }

  @Test
  void theSwitchIsCancelledByARowThatWasBentSinceAndTheOwnerGoesOn() throws Exception {
    try (Move move = certified("delta_switch")) {
      move.onMonolith("update s.t set v = 'changed' where id in (1, 2, 3)");
      awaitOnService(move, "select count(*)::text from s.t where v = 'changed'", "3");
      move.pastTheFence("update s.t set v = 'bent' where id = 2");

      Intent cancelled = move.ask(Kind.SWITCH_WRITES);
      assertThat(cancelled.state()).isEqualTo(State.FAILED);
      assertThat(cancelled.outcome().get("message").toString())
          .contains("1 of 3 rows that have changed since the certificate differ: s.t different (2): v");
      assertThat(move.space.control().get("delta_switch").owner()).isEqualTo(Owner.MONOLITH);
      move.onMonolith("insert into s.t values (5000, 'goes on')");
      awaitOnService(move, "select v from s.t where id = 5000", "goes on");
      assertThat(move.ask(Kind.SWITCH_WRITES).outcome().get("message").toString()).contains("both sides differ");

      assertThat(move.ask(Kind.VERIFY, Map.of("repair", true)).outcome()).containsEntry("equal", true);
      Intent switched = move.ask(Kind.SWITCH_WRITES);
      assertThat(switched.state()).isEqualTo(State.DONE);
      assertThat(switched.outcome().get("steps").toString()).contains("prove");
    }
  }

  @Test
  void knowsTheKeysAfterTheMoverWasStoppedAndItsConnectionsCut() throws Exception {
    try (Move move = certified("delta_restart")) {
      move.onMonolith("update s.t set v = 'before' where id = 1");
      awaitOnService(move, "select v from s.t where id = 1", "before");
      move.stop();
      move.onMonolith("update s.t set v = 'meanwhile' where id = 2");
      move.start().awaitPhase(Phase.IN_SYNC);
      awaitOnService(move, "select v from s.t where id = 2", "meanwhile");
      move.cut(move.space.service());
      move.onMonolith("update s.t set v = 'after' where id = 3");
      awaitOnService(move, "select v from s.t where id = 3", "after");
      move.pastTheFence("update s.t set v = 'bent' where id in (1, 2, 3)");
      await().until(() -> move.space.intents().open("delta_restart").isEmpty());
      assertThat(table(verifyChanged(move)).get("different")).isEqualTo(3);
    }
  }

  @Test
  void goesOnInTheOtherDirection() throws Exception {
    try (Move move = certified("delta_turns")) {
      move.onMonolith("update s.t set v = 'out' where id = 1");
      Intent switched = move.ask(Kind.SWITCH_WRITES);
      assertThat(switched.state()).isEqualTo(State.DONE);
      assertThat(switched.outcome().get("provenRows")).isEqualTo(1);
      move.onService("update s.t set v = 'back' where id in (2, 3)");
      assertThat(table(verifyChanged(move)).get("rows")).isEqualTo(2);

      move.onService("update s.t set v = 'last' where id = 4");
      await().untilAsserted(() -> assertThat(move.monolithRows("select v from s.t where id = 4")).containsExactly("last"));
      move.onMonolith("set session_replication_role = replica; update s.t set v = 'bent' where id = 4; reset session_replication_role");
      assertThat(move.ask(Kind.ROLLBACK).outcome().get("message").toString()).contains("s.t different (4): v");
      assertThat(move.space.control().get("delta_turns").owner()).isEqualTo(Owner.SERVICE);
      assertThat(move.ask(Kind.VERIFY, Map.of("repair", true)).outcome()).containsEntry("equal", true);
      assertThat(move.monolithRows("select v from s.t where id = 4")).containsExactly("last");

      assertThat(move.ask(Kind.ROLLBACK).state()).isEqualTo(State.DONE);
      move.onMonolith("update s.t set v = 'again' where id = 5");
      assertThat(table(verifyChanged(move)).get("rows")).isEqualTo(1);
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
    }
  }

  @Test
  void aRollbackGoesOnWithoutAProofAndTheNextSwitchNeedsOne() throws Exception {
    try (Move move = certified("delta_lost")) {
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
      move.onMonolith("update banyan.key_set set lost = 'more than 1,000,000 keys have changed'");
      Intent back = move.ask(Kind.ROLLBACK);
      assertThat(back.state()).isEqualTo(State.DONE);
      assertThat(back.outcome().get("unproven").toString()).contains("s.t, more than 1,000,000 keys have changed");
      assertThat(move.ask(Kind.SWITCH_WRITES).outcome().get("message").toString())
          .contains("certificate: of s.t: the keys that have changed since are not known").contains("banyan verify plan.yml --table 's.t'");
      assertThat(verifyChanged(move).state()).isEqualTo(State.REFUSED);
      assertThat(move.ask(Kind.VERIFY, Map.of("tables", List.of("s.t"))).outcome()).containsEntry("equal", true);
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
    }
  }

  @Test
  void provesTheChangesOfBothDirectionsWhereASwitchBetweenThemHasNotProvenThem() throws Exception {
    try (Move move = certified("delta_both")) {
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
      move.onService("update s.t set v = 'unproven' where id = 7");
      await().untilAsserted(() -> assertThat(move.monolithRows("select v from s.t where id = 7")).containsExactly("unproven"));
      // As if the mover had been killed between the decision and writing the certificate down: the page is still there.
      move.onMonolith("create table s.pages as select * from banyan.changed_keys");
      assertThat(move.ask(Kind.ROLLBACK).state()).isEqualTo(State.DONE);
      move.onMonolith("insert into banyan.changed_keys (module, name, keys, count) select module, name, keys, count from s.pages");
      move.onMonolith("update s.t set v = 'on' where id = 8");
      awaitOnService(move, "select v from s.t where id = 8", "on");
      move.pastTheFence("update s.t set v = 'bent' where id = 7");
      Intent found = verifyChanged(move);
      assertThat(table(found).get("samples").toString()).contains("different (7)");
      assertThat(table(found).get("rows")).isEqualTo(2);
    }
  }

  @Test
  void anEmptiedTableHasToBeComparedAnew() throws Exception {
    try (Move move = certified("delta_emptied")) {
      move.onMonolith("truncate s.t; insert into s.t values (1, 'again')");
      awaitOnService(move, "select v from s.t", "again");
      Intent refused = verifyChanged(move);
      assertThat(refused.state()).isEqualTo(State.REFUSED);
      assertThat(refused.outcome().get("message").toString()).contains("the table was emptied", "--table 's.t'");
      assertThat(move.ask(Kind.SWITCH_WRITES).outcome().get("message").toString()).contains("of s.t: the table was emptied");
      assertThat(move.ask(Kind.VERIFY, Map.of("tables", List.of("s.t"))).outcome()).containsEntry("equal", true);
      assertThat(verifyChanged(move).outcome()).containsEntry("equal", true);
    }
  }

  @Test
  void manyChangedRowsAreProvenBeforeTheSwitchHoldsAnythingUp() throws Exception {
    try (Move move = certified("delta_many")) {
      move.onMonolith("update s.t set v = v || '!' where id <= 900");
      awaitOnService(move, "select count(*)::text from s.t where v like '%!'", "900");
      Intent switched = move.ask(Kind.SWITCH_WRITES);
      assertThat(switched.state()).isEqualTo(State.DONE);
      assertThat(switched.outcome().get("provenRows")).isEqualTo(0);
      assertThat(move.space.control().journal("delta_many", 100).stream().map(JournalRecord::event).toList())
          .containsSubsequence("switch.preparing", "verified");
    }
  }
}
