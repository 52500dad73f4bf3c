package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import dev.banyan.control.Progress.TableProgress;
import dev.banyan.move.plan.ByteCount;
import dev.banyan.move.plan.Limits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy that is interrupted goes on, whatever was written meanwhile. */
class ResumedCopyIntegrationTests {

  /** One worker and small ranges, so that it is known which ranges are copied when. */
  private static final Limits ORDERLY = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofHours(1),
      new ByteCount(1L << 40), Duration.ofMillis(100), 2, 1, 100, 2);

  private static final String ITEMS = """
      create schema s;
      create table s.item (id int primary key, u text unique, big text, n int default 0);
      create index on s.item (n) include (u);
      """;
  private static final String TEN_RANGES = """
      insert into s.item select i, 'u' || i, string_agg(md5(i::text || j), ''), 0
        from generate_series(1, 1000) i, generate_series(1, 100) j group by i;
      """;
  private static final String INDEXES = "select indexdef from pg_indexes where schemaname = 's' order by 1";
  private static final String SEEN = "select string_agg(id || ':' || xmin || ':' || ctid, ' ' order by id) from s.item where id <= 400";

  private static Move move(String module, String... tables) {
    return Move.of(module, ORDERLY, Arrays.stream(tables).map(Move::table).toList());
  }

  private static void interruptAtRange(Move move, int copied, String meanwhile) throws Exception {
    try (Holding holding = Holding.atRange(move, copied)) {
      move.start();
      holding.awaitReached();
      move.stop();
      move.onMonolith(meanwhile);
    }
  }

  private static void assertSame(Move move, String table) {
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    String rows = "select (t.*)::text from %s t order by 1".formatted(table);
    assertThat(move.serviceRows(rows)).isEqualTo(move.monolithRows(rows));
  }

  @Test
  void copiesOnlyWhatIsLeft() throws Exception {
    try (Move move = move("rest", "s.item")) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      List<String> indexes = move.serviceRows(INDEXES);
      interruptAtRange(move, 4, "insert into s.item values (2000, 'new', 'big', 1)");
      List<String> before = move.serviceRows(SEEN);
      assertThat(move.serviceRows("select max(id)::text from s.item")).containsExactly("400");
      assertThat(move.serviceRows(INDEXES)).isEmpty();

      move.start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.serviceRows(SEEN)).isEqualTo(before);
      assertThat(move.serviceRows(INDEXES)).isEqualTo(indexes);
      assertThat(move.said).anyMatch(said -> said.startsWith("Copied 601 rows") && said.contains("400 more"));
      assertThat(move.space.progress().tables("rest")).containsExactly(new TableProgress("s.item", "COPIED", 1001, 1001));
      assertSame(move, "s.item");
      assertThat(move.serviceRows("select count(*)::text from banyan.copy_range")).containsExactly("0");
    }
  }

  @Test
  void countsTheRowsOfFinishedRangesAfterARestart() throws Exception {
    try (Move move = move("counted", "s.item")) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      interruptAtRange(move, 4, "");
      try (Holding again = Holding.atRange(move, 7)) {
        move.start();
        again.awaitReached();
        await().untilAsserted(() -> assertThat(move.space.progress().tables("counted").get(0).copied()).isBetween(700L, 800L));
      }
      move.awaitPhase(Phase.IN_SYNC);
    }
  }

  static final String EVERY_KIND_OF_WRITE = """
      insert into s.item values (-5, 'before all', 'x', 1), (350000, 'after all', 'x', 1);
      update s.item set n = n + 1 where id between 390 and 410;
      update s.item set big = 'short now' where id in (391, 409);
      update s.item set n = n + 1 where id in (391, 409);
      delete from s.item where id in (1, 2, 999, 1000);
      insert into s.item values (1, 'again', 'again', 9), (999, 'again too', 'again', 9);
      begin;
      update s.item set u = 'tmp' where id = 20; update s.item set u = 'u20' where id = 820; update s.item set u = 'u820' where id = 20;
      commit;
      update s.item set u = 'free' where id = 21;
      update s.item set u = 'u21' where id = 821;
      update s.item set id = 5030, big = 'moved up' where id = 30;
      update s.item set id = -830, big = 'moved down' where id = 830;
      update s.item set id = 5831 where id = 831;
      update s.item set id = -31 where id = 31;
      update s.item set id = 832000, big = 'through' where id = 832;
      update s.item set id = -832, big = 'through and back' where id = 832000;
      """;

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 9})
  void bringsEveryKindOfWriteToRowsOfEitherSnapshot(int copied) throws Exception {
    try (Move move = move("writes_" + copied, "s.item")) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      List<String> indexes = move.serviceRows(INDEXES);
      interruptAtRange(move, copied, EVERY_KIND_OF_WRITE);
      move.start().awaitPhase(Phase.IN_SYNC);
      // Before anything else is written: an update carries the whole row, and would mend what was missed.
      assertSame(move, "s.item");
      move.onMonolith("update s.item set n = n + 1; delete from s.item where id = 500");
      assertSame(move, "s.item");
      assertThat(move.serviceRows(INDEXES)).isEqualTo(indexes);
      assertThat(move.said).noneMatch(said -> said.contains("anew"));
    }
  }

  @Test
  void bringsWritesBetweenThreeSnapshots() throws Exception {
    try (Move move = move("three", "s.item")) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      interruptAtRange(move, 3, EVERY_KIND_OF_WRITE);
      interruptAtRange(move, 6, """
          update s.item set n = n + 1;
          update s.item set u = 'u' || id || 'x' where id % 3 = 0;
          update s.item set id = id + 20000, big = 'moved' where id between 240 and 260;
          delete from s.item where id between 550 and 560;
          update s.item set id = id - 20000, big = 'moved back' where id between 20250 and 20260;
          """);
      move.start().awaitPhase(Phase.IN_SYNC);
      assertSame(move, "s.item");
    }
  }

  @Test
  void bringsATransactionLargerThanTheMemoryForOne() throws Exception {
    try (Move move = Move.of("large", new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofHours(1),
        new ByteCount(1L << 40), Duration.ofMillis(100), 2, 1, 10_000, 2), List.of(Move.table("s.item")))) {
      move.onBoth(ITEMS).onMonolith("insert into s.item select i, 'u' || i, null, 0 from generate_series(1, 50000) i");
      interruptAtRange(move, 3, "begin; update s.item set n = 1; delete from s.item where id % 7 = 0; update s.item set u = id || 'u'; commit");
      move.start().awaitPhase(Phase.IN_SYNC);
      assertSame(move, "s.item");
    }
  }

  @Test
  void beginsAnewWhereAValueIsNeitherInTheLogNorAmongTheCopiedRows() throws Exception {
    try (Move move = move("lost_value", "s.item")) {
      move.onBoth(ITEMS).onMonolith("alter table s.item alter big set storage external").onMonolith(TEN_RANGES);
      interruptAtRange(move, 4, "update s.item set id = -900 where id = 900");
      move.start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.said).anyMatch(said -> said.startsWith("The copy has to begin anew: ") && said.contains("s.item"));
      assertSame(move, "s.item");
      assertThat(move.serviceRows("select length(big)::text from s.item where id = -900")).containsExactly("3200");
    }
  }

  @Test
  void beginsAnewWhereTheSlotIsGone() throws Exception {
    try (Move move = move("lost_slot", "s.item")) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      interruptAtRange(move, 4, "update s.item set n = 1 where id < 10");
      move.onMonolith("select pg_drop_replication_slot('banyan_lost_slot_monolith')");
      move.start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.said).anyMatch(said -> said.contains("anew: the slot"));
      assertSame(move, "s.item");
    }
  }

  @Test
  void emptiesATableThatWasEmptiedMeanwhile() throws Exception {
    try (Move move = move("truncated", "s.item")) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      interruptAtRange(move, 4, """
          update s.item set n = 1 where id in (10, 910);
          begin; insert into s.item values (2000, 'x', 'x', 1); truncate s.item; insert into s.item values (10, 'a', 'b', 1), (910, 'c', 'd', 1); commit;
          insert into s.item values (20, 'e', 'f', 1), (920, 'g', 'h', 1);
          update s.item set n = 7 where id in (10, 920);
          """);
      move.start().awaitPhase(Phase.IN_SYNC);
      assertSame(move, "s.item");
      assertThat(move.serviceRows("select count(*)::text from s.item")).containsExactly("4");
    }
  }

  @Test
  void keepsTheMonolithsTablesFromBeingEmptiedUnderASnapshot() throws Exception {
    try (Move move = move("locked", "s.item", "s.later")) {
      move.onBoth(ITEMS + "create table s.later (id int primary key);")
          .onMonolith(TEN_RANGES + "insert into s.later select generate_series(1, 10);");
      // The snapshot is made, and nothing has been read of it but the keys.
      try (Holding holding = Holding.at(move, "new.copied_from is not null", "update", "side")) {
        move.start();
        holding.awaitReached();
        assertThatThrownBy(() -> move.onMonolith("set lock_timeout = 200; truncate s.later")).hasMessageContaining("lock timeout");
      }
      move.awaitPhase(Phase.IN_SYNC);
      assertSame(move, "s.later");
    }
  }

  @Test
  void copiesATableWhoseUniqueIndexMustStayUnderOneSnapshot() throws Exception {
    String tables = ITEMS + """
        create table s.whole (id int primary key, code text unique, v int);
        create table s.ref (id int primary key, code text references s.whole (code));
        """;
    try (Move move = move("whole", "s.item", "s.whole", "s.ref")) {
      move.onBoth(tables).onMonolith(TEN_RANGES + """
          insert into s.whole select i, 'c' || i, 0 from generate_series(1, 1000) i;
          insert into s.ref select i, 'c' || i from generate_series(1, 300) i;
          """);
      List<String> indexes = move.serviceRows(INDEXES);
      interruptAtRange(move, 11 + 4, """
          update s.whole set code = 'tmp' where id = 350;
          update s.whole set code = 'c350' where id = 900;
          update s.whole set code = 'c900' where id = 350;
          begin; update s.whole set code = 'free' where id = 310; update s.whole set code = 'c310' where id = 910; commit;
          update s.whole set v = v + 1 where id % 2 = 0;
          delete from s.whole where id = 990;
          update s.item set n = 5 where id % 3 = 0;
          """);
      assertThat(move.serviceRows("select count(*)::text from pg_constraint where conname = 'whole_code_key'")).containsExactly("1");
      move.start().awaitPhase(Phase.IN_SYNC);
      assertSame(move, "s.whole");
      assertSame(move, "s.ref");
      assertSame(move, "s.item");
      assertThat(move.serviceRows(INDEXES)).isEqualTo(indexes);
    }
  }

  @Test
  void findsKeysAmongRangesInTheOrderOfTheirIndex() throws Exception {
    String table = """
        create schema s;
        create table s.word (n int, word text collate "und-x-icu", language varchar(10), v int, constraint word_key primary key (language, word, n));
        """;
    try (Move move = move("ordered", "s.word")) {
      move.onBoth(table).onMonolith("""
          insert into s.word select i % 5, (array['a', 'B', 'ä', 'Z', 'z', 'É', 'e', '-', '''', 'ß'])[1 + i % 10] || chr(65 + i % 57) || i,
            (array['de', 'EN', 'fr-FR', ''])[1 + i % 4], 0 from generate_series(1, 1000) i;
          """);
      interruptAtRange(move, 5, """
          update s.word set v = v + 1;
          update s.word set word = upper(word) where n = 2;
          update s.word set language = 'en' where language = 'EN';
          delete from s.word where n = 3;
          insert into s.word select 3, (array['a', 'Ö', 'ö'])[1 + i % 3] || i, (array['de', 'EN', ''])[1 + i % 3], 1 from generate_series(1, 200) i;
          """);
      move.start().awaitPhase(Phase.IN_SYNC);
      assertSame(move, "s.word");
    }
  }

  /** Fails once at the n-th time; a sequence is not rolled back. */
  private static void failOnce(Move move, String table, String event, String condition, int time) {
    dev.banyan.control.ControlSchema.installSide(move.space.service().dataSource());
    move.onService("""
        create sequence public.times;
        create function public.fail() returns trigger language plpgsql as $$
        begin
          if %s then
            if nextval('public.times') = %d then raise exception 'injected' using errcode = '57P01'; end if;
          end if;
          return coalesce(new, old);
        end $$;
        create trigger fail before %s on banyan.%s for each row execute function public.fail();
        alter table banyan.%s enable always trigger fail;
        """.formatted(condition, time, event, table, table));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void goesOnWhenInterruptedWhileRowsOfOlderSnapshotsAreBroughtUpToDate(int commit) throws Exception {
    try (Move move = Move.of("region_" + commit, new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofHours(1),
        new ByteCount(1L << 40), Duration.ofMillis(100), 2, 1, 10_000, 2), List.of(Move.table("s.item")))) {
      move.onBoth(ITEMS).onMonolith("insert into s.item select i, 'u' || i, null, 0 from generate_series(1, 60000) i");
      failOnce(move, "side", "update", "new.applied <> old.applied and exists (select from banyan.copy_range)", commit);
      interruptAtRange(move, 3, """
          update s.item set n = n + 1;
          delete from s.item where id % 10 = 0;
          insert into s.item select i, 'again' || i, null, 0 from generate_series(10, 60000, 20) i;
          update s.item set n = n + 1, u = u || 'x';
          """);
      move.start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.said).anyMatch(said -> said.contains("injected"));
      assertSame(move, "s.item");
      assertThat(Integer.parseInt(move.serviceRows("select last_value::text from public.times").get(0))).isGreaterThan(commit);
    }
  }

  @Test
  void remembersThatATableWasEmptiedWhenInterruptedBehindThat() throws Exception {
    try (Move move = move("emptied_twice", "s.item")) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      failOnce(move, "side", "update", "new.applied <> old.applied", 2);
      interruptAtRange(move, 4, """
          begin; truncate s.item; insert into s.item values (10, 'a', 'b', 1), (910, 'c', 'd', 1); commit;
          insert into s.item select i, 'u' || i, null, 0 from generate_series(1000, 46000) i;
          """);
      move.start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.said).anyMatch(said -> said.contains("injected"));
      assertSame(move, "s.item");
    }
  }

  @Test
  void goesOnWhenInterruptedBehindTheNewestSnapshot() throws Exception {
    try (Move move = move("passing", "s.item")) {
      move.onBoth(ITEMS).onMonolith(TEN_RANGES);
      failOnce(move, "copy_range", "delete", "true", 1);
      interruptAtRange(move, 3, EVERY_KIND_OF_WRITE);
      move.start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.said).anyMatch(said -> said.contains("injected"));
      assertSame(move, "s.item");
    }
  }

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
        move.space.intents().request("cancel_rest", Kind.CANCEL, java.util.Map.of(), "test").orElseThrow();
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
      move.space.intents().request("cancel_index", Kind.CANCEL, java.util.Map.of(), "test").orElseThrow();
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
        move.space.intents().request("cancel_twice", Kind.CANCEL, java.util.Map.of(), "test").orElseThrow();
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

  private static final String WITHOUT_UNIQUE = "create schema s; create table s.item (id int primary key, u text, big text, n int);";

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
      var cancelled = move.ask(Kind.CANCEL, java.util.Map.of("keepData", true));
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
