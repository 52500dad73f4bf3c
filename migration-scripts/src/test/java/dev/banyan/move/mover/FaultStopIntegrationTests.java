package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not pass by itself: the mover stops with a message, keeps what it has, and goes on once it is mended. */
class FaultStopIntegrationTests {

  private static Move filled(String module) {
    return Move.of(module, "s.item").onBoth("create schema s; create table s.item (id int primary key, v text)")
        .onMonolith("insert into s.item select i, 'v' || i from generate_series(1, 500) i");
  }

  private static Move inSync(String module) {
    Move move = filled(module).start();
    move.awaitPhase(Phase.IN_SYNC);
    return move;
  }

  private static String awaitHalt(Move move) {
    await("a halt; the mover said " + move.said).atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> move.space.progress()
        .mover(move.space.module()).filter(mover -> mover.state().equals("halted")).isPresent());
    return move.space.progress().mover(move.space.module()).orElseThrow().message().orElseThrow();
  }

  private static List<String> rows(Move move, Owner side) {
    String query = "select id || coalesce(v, '-') from s.item order by id";
    return side == Owner.MONOLITH ? move.monolithRows(query) : move.serviceRows(query);
  }

  private static void assertEqual(Move move) {
    assertThat(move.awaitDone(Kind.VERIFY).outcome()).as("the mover said %s", move.said).containsEntry("equal", true);
    assertThat(rows(move, Owner.SERVICE)).isEqualTo(rows(move, Owner.MONOLITH)).isNotEmpty();
  }

  /** Stopped and started again, as a user does who has mended what the message names. */
  private static void startAgain(Move move) throws InterruptedException {
    move.stop();
    move.said.clear();
    move.start();
  }

  private static void cancel(Move move) throws SQLException {
    assertThat(move.ask(Kind.CANCEL).state()).isEqualTo(State.DONE);
    move.onMonolith("insert into s.item values (100000, 'goes on')");
    assertThat(move.monolithRows("select slot_name::text from pg_replication_slots where database = current_database()")).isEmpty();
  }

  @Test
  void haltsInFrontOfARowThatAConstraintRefusesAndGoesOnWithoutIt() throws Exception {
    try (Move move = inSync("refusing")) {
      move.onService("alter table s.item add constraint short check (length(v) < 10)");
      move.onMonolith("begin; insert into s.item values (1000, 'fits'), (1001, 'too long for it'); commit; insert into s.item values (1002, 'later')");
      assertThat(awaitHalt(move)).contains("s.item").contains("short");
      assertThat(move.serviceRows("select id::text from s.item where id >= 1000")).isEmpty();
      move.onService("alter table s.item drop constraint short");
      startAgain(move);
      assertEqual(move);
    }
  }

  @Test
  void haltsInFrontOfARowThatAUniqueIndexOfTheServiceRefusesAndGoesOnWithoutIt() throws Exception {
    try (Move move = inSync("refusing_twice")) {
      move.onService("create unique index only_here on s.item (v)");
      move.onMonolith("insert into s.item values (1000, 'twice'), (1001, 'twice'); insert into s.item values (1002, 'later')");
      assertThat(awaitHalt(move)).contains("s.item").contains("only_here");
      assertThat(move.serviceRows("select id::text from s.item where id >= 1000")).isEmpty();
      move.onService("drop index s.only_here");
      startAgain(move);
      assertEqual(move);
    }
  }

  @Test
  void haltsACopyThatAConstraintRefusesAndGoesOnWithoutIt() throws Exception {
    try (Move move = filled("refusing_copy")) {
      move.onService("alter table s.item add constraint short check (id < 400)");
      move.start();
      assertThat(awaitHalt(move)).contains("s.item").contains("short");
      move.onMonolith("update s.item set v = 'changed meanwhile' where id in (1, 450)");
      move.onService("alter table s.item drop constraint short");
      startAgain(move);
      move.awaitPhase(Phase.IN_SYNC);
      assertEqual(move);
    }
  }

  @Test
  void haltsWhenItsSlotIsDroppedUnderIt() throws Exception {
    try (Move move = inSync("dropped")) {
      List<String> before = rows(move, Owner.SERVICE);
      dropSlot(move);
      move.onMonolith("insert into s.item values (1000, 'nobody carries it')");
      assertThat(awaitHalt(move)).contains("The slot banyan_dropped_monolith").contains("gone");
      assertThat(rows(move, Owner.SERVICE)).isEqualTo(before);
      cancel(move);
    }
  }

  private static void dropSlot(Move move) {
    // By one call, so that the stream does not come back in between.
    move.onMonolith("""
        create function s.lose() returns void language plpgsql as $$
        begin
          perform pg_terminate_backend(active_pid, 5000) from pg_replication_slots where slot_name = 'banyan_%1$s_monolith' and active;
          perform pg_drop_replication_slot('banyan_%1$s_monolith');
        end $$""".formatted(move.space.module()));
    await("the slot to be dropped").atMost(Duration.ofSeconds(30)).ignoreExceptions()
        .until(() -> move.monolithRows("select s.lose()::text") != null);
  }

  /** What somebody does in the middle of a verification, which is kept from reading the service's rows meanwhile. */
  private static Intent verifyWhile(Move move, Runnable meanwhile) throws SQLException {
    long id;
    try (Connection locking = move.space.service().connect()) {
      locking.createStatement().execute("begin; lock table s.item in access exclusive mode");
      id = move.space.intents().request(move.space.module(), Kind.VERIFY, Map.of(), "test").orElseThrow();
      await("a reader of the table").atMost(Duration.ofSeconds(30)).until(() -> !move.serviceRows(
          "select pid::text from pg_locks where relation = 's.item'::regclass and not granted and mode = 'AccessShareLock'").isEmpty());
      meanwhile.run();
    }
    await("the verification to end").atMost(Duration.ofSeconds(60)).until(() -> move.space.intents().get(id).state().isEnded());
    return move.space.intents().get(id);
  }

  private static void assertSecondMoverRefused(Move move) {
    try (Workspace second = new Workspace(move.space.plan())) {
      assertThatThrownBy(() -> new Mover(second, sentence -> { }).run()).isInstanceOf(Refused.class).hasMessageContaining("is running already");
    }
  }

  @Test
  void refusesASecondMoverInTheMiddleOfACopyAndOfAVerification() throws Exception {
    try (Move move = filled("second")) {
      try (Holding holding = Holding.atRange(move, 0)) {
        move.start();
        holding.awaitReached();
        assertSecondMoverRefused(move);
      }
      move.awaitPhase(Phase.IN_SYNC);
      assertThat(verifyWhile(move, () -> assertSecondMoverRefused(move)).outcome()).containsEntry("equal", true);
      assertEqual(move);
    }
  }

  @Test
  void haltsWhereTheSlotIsDroppedInTheMiddleOfAVerification() throws Exception {
    try (Move move = inSync("dropped_verifying")) {
      Intent verified = verifyWhile(move, () -> {
        dropSlot(move);
        move.onMonolith("insert into s.item values (1000, 'nobody carries it')");
      });
      assertThat(verified.outcome()).as("of the rows as they were").doesNotContainEntry("equal", false);
      assertThat(awaitHalt(move)).contains("The slot banyan_dropped_verifying_monolith").contains("gone");
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.REFUSED);
      cancel(move);
    }
  }

  @Test
  void aCertificateIsVoidWhereThePublicationWasAlteredInTheMiddleOfItsVerification() throws Exception {
    try (Move move = inSync("altered_verifying")) {
      Intent verified = verifyWhile(move, () -> move.onMonolith("""
          alter publication banyan_altered_verifying drop table s.item;
          insert into s.item values (1000, 'nobody carries it');
          alter publication banyan_altered_verifying add table s.item"""));
      assertThat(verified.outcome()).as("of the rows as they were").containsEntry("equal", true);
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isNotEqualTo(State.DONE);
      assertThat(move.space.control().get("altered_verifying").owner()).isEqualTo(Owner.MONOLITH);
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", false);
    }
  }

  @Test
  void copiesAnewWhereTheSlotWasDroppedInTheMiddle() throws Exception {
    try (Move move = filled("dropped_copying")) {
      try (Holding holding = Holding.atRange(move, 0)) {
        move.start();
        holding.awaitReached();
        move.onMonolith("select pg_drop_replication_slot('banyan_dropped_copying_monolith'); insert into s.item values (1000, 'meanwhile')");
      }
      move.awaitPhase(Phase.IN_SYNC);
      assertThat(move.said).anyMatch(sentence -> sentence.startsWith("The copy has to begin anew: the slot is gone"));
      assertEqual(move);
    }
  }

  @Test
  void haltsACopyWhosePublicationIsAltered() throws Exception {
    try (Move move = filled("altered_copying")) {
      try (Holding holding = Holding.atRange(move, 0)) {
        move.start();
        holding.awaitReached();
        move.onMonolith("alter publication banyan_altered_copying drop table s.item; insert into s.item values (1000, 'not in the log')");
        assertThat(awaitHalt(move)).contains("publication banyan_altered_copying (monolith): does not carry s.item");
      }
      startAgain(move);
      assertThat(awaitHalt(move)).contains("does not carry s.item");
      cancel(move);
      assertThat(move.serviceRows("select id::text from s.item")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"drop publication %s", "alter publication %s drop table s.item"})
  void noWriteIsLostUnnoticedWhenThePublicationIsAltered(String alteration) throws Exception {
    alterPublication(alteration);
  }

  @Tag("thorough")
  @ParameterizedTest
  @ValueSource(strings = {"alter publication %s set (publish = 'insert')",
      "alter publication %s set (publish_via_partition_root = false)", "alter publication %s set table s.item where (id < 10)"})
  void noWriteIsLostUnnoticedHoweverThePublicationIsAltered(String alteration) throws Exception {
    alterPublication(alteration);
  }

  private static void alterPublication(String alteration) throws Exception {
    try (Move move = inSync("altered")) {
      assertEqual(move);
      move.onMonolith(alteration.formatted("banyan_altered"));
      move.onMonolith("insert into s.item values (1000, 'first'); update s.item set v = 'second' where id = 1; delete from s.item where id = 2");
      assertThat(awaitHalt(move)).contains("publication");
      startAgain(move);
      assertThat(awaitHalt(move)).contains("publication");
      cancel(move);
    }
  }
}
