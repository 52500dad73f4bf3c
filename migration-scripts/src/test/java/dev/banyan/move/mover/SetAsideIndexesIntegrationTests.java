package dev.banyan.move.mover;

import static dev.banyan.move.mover.Interrupted.INDEXES;
import static dev.banyan.move.mover.Interrupted.ITEMS;
import static dev.banyan.move.mover.Interrupted.TEN_RANGES;
import static dev.banyan.move.mover.Interrupted.assertSame;
import static dev.banyan.move.mover.Interrupted.failOnce;
import static dev.banyan.move.mover.Interrupted.interruptAtRange;
import static dev.banyan.move.mover.Interrupted.move;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes that are set aside for the copy come back, also where the copy is interrupted or cancelled. */
class SetAsideIndexesIntegrationTests {

  private static final String WITHOUT_UNIQUE = "create schema s; create table s.item (id int primary key, u text, big text, n int);";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void goesOnWhenInterruptedWhileIndexesAreBuilt(int index) throws Exception {
    try (Move move = move("indexing_" + index, "s.item")) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      List<String> indexes = move.serviceRows(INDEXES);
      failOnce(move, "deferred_index", "delete", "true", index);
      move.start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.said).anyMatch(said -> said.contains("injected"));
      assertThat(move.said.stream().filter(said -> said.startsWith("Building index"))).hasSize(3 + 1);
      assertThat(move.serviceRows(INDEXES)).isEqualTo(indexes);
      assertSame(move, "s.item");
    }
  }

  private static void assertGivenBack(Move move, List<String> indexes) {
    assertThat(move.serviceRows(INDEXES)).isEqualTo(indexes);
    assertThat(move.serviceRows("select count(*)::text from s.item")).containsExactly("0");
    assertThat(move.serviceRows("select nspname from pg_namespace where nspname = 'banyan'")).isEmpty();
    assertThat(move.monolithRows("select slot_name from pg_replication_slots where slot_name like 'banyan_" + move.space.module() + "%'")).isEmpty();
  }

  @Test
  void cancelBuildsTheIndexesOfAnInterruptedCopy() throws Exception {
    try (Move move = move("cancel_rest", "s.item")) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      List<String> indexes = move.serviceRows(INDEXES);
      interruptAtRange(move, 4, "");
      try (Holding again = Holding.atRange(move, 6)) {
        move.start();
        again.awaitReached();
        move.space.intents().request("cancel_rest", Kind.CANCEL, Map.of(), "test").orElseThrow();
        move.awaitPhase(Phase.CANCELLED);
      }
      await().until(() -> move.space.intents().open("cancel_rest").isEmpty());
      assertGivenBack(move, indexes);
    }
  }

  @Test
  void cancelBreaksTheBuildingOfAnIndexOff() throws Exception {
    try (Move move = move("cancel_index", "s.item"); var writer = move.space.service().connectAsApplier()) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      List<String> indexes = move.serviceRows(INDEXES);
      try (Holding holding = Holding.at(move, "new.applied is not null", "update", "side")) {
        move.start();
        holding.awaitReached();
        writer.setAutoCommit(false);
        writer.createStatement().execute("lock table s.item in row exclusive mode");
      }
      await().until(() -> move.said.stream().anyMatch(said -> said.startsWith("Building index 1 of 1, s.item_pkey")));
      await().untilAsserted(() -> assertThat(move.space.progress().mover("cancel_index").orElseThrow().state()).startsWith("building index 1 of 1, s.item_pkey"));
      move.space.intents().request("cancel_index", Kind.CANCEL, Map.of(), "test").orElseThrow();
      move.awaitPhase(Phase.CANCELLED);
      writer.rollback();
      await().until(() -> move.space.intents().open("cancel_index").isEmpty());
      assertGivenBack(move, indexes);
      move.stop();
      assertThat(move.failure).isNull();
    }
  }

  @Test
  void cancelThatWasBrokenOffIsFinishedWithoutEmptyingTheTablesAgain() throws Exception {
    try (Move move = move("cancel_twice", "s.item")) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      List<String> indexes = move.serviceRows(INDEXES);
      interruptAtRange(move, 4, "");
      failOnce(move, "deferred_index", "delete", "true", 2);
      move.onMonolith("""
          create function s.fail() returns trigger language plpgsql as $$
          begin
            if new.event = 'cleaned' then raise exception 'injected' using errcode = '22000'; end if;
            return new;
          end $$;
          create trigger fail before insert on banyan.journal for each row execute function s.fail();
          """);
      try (Holding again = Holding.atRange(move, 6)) {
        move.start();
        again.awaitReached();
        move.space.intents().request("cancel_twice", Kind.CANCEL, Map.of(), "test").orElseThrow();
        move.awaitPhase(Phase.CANCELLED);
      }
      await().until(() -> move.failure != null);
      assertThat(move.said).anyMatch(said -> said.contains("injected"));
      assertGivenBack(move, indexes);
      move.onService("insert into s.item values (1, 'mine', '', 0)").onMonolith("drop trigger fail on banyan.journal");
      move.start();
      await().until(() -> move.space.control().isCleaned("cancel_twice"));
      assertThat(move.serviceRows("select u from s.item")).containsExactly("mine");
    }
  }

  @Test
  void haltsWhereAUniqueIndexCannotBeBuiltAndKeepsEverything() throws Exception {
    try (Move move = move("violation", "s.item")) {
      move.onMonolith(WITHOUT_UNIQUE).onService(ITEMS).onMonolith("insert into s.item select i, 'same', '', 0 from generate_series(1, 300) i");
      List<String> indexes = move.serviceRows(INDEXES);
      move.start();
      awaitHalt(move, "item_u_key cannot be built");
      assertThat(move.serviceRows("select count(*)::text from s.item")).containsExactly("300");
      assertThat(move.serviceRows("select name from banyan.deferred_index")).contains("s.item_u_key");
      assertThat(move.ask(Kind.CANCEL).state()).isEqualTo(State.DONE);
      assertGivenBack(move, indexes);
    }
  }

  @Test
  void cancelThatKeepsTheRowsTellsWhichIndexTheyDoNotAllow() throws Exception {
    try (Move move = move("kept_rows", "s.item")) {
      move.onMonolith(WITHOUT_UNIQUE).onService(ITEMS).onMonolith("insert into s.item select i, 'same', '', 0 from generate_series(1, 300) i");
      move.start();
      awaitHalt(move, "item_u_key cannot be built");
      var cancelled = move.ask(Kind.CANCEL, Map.of("keepData", true));
      assertThat(cancelled.outcome().get("message").toString()).contains("Index s.item_u_key could not be built again")
          .contains("alter table s.item add constraint item_u_key UNIQUE (u);");
      assertThat(move.serviceRows("select count(*)::text from s.item")).containsExactly("300");
      assertThat(move.serviceRows(INDEXES)).hasSize(2);
    }
  }

  private static void awaitHalt(Move move, String reason) {
    await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(() -> assertThat(move.space.progress().mover(move.space.module()))
        .hasValueSatisfying(mover -> assertThat(mover.message().orElse("")).contains(reason)));
  }
}
