package dev.banyan.move.mover;

import static dev.banyan.move.mover.Interrupted.INDEXES;
import static dev.banyan.move.mover.Interrupted.ITEMS;
import static dev.banyan.move.mover.Interrupted.TEN_RANGES;
import static dev.banyan.move.mover.Interrupted.assertSame;
import static dev.banyan.move.mover.Interrupted.failOnce;
import static dev.banyan.move.mover.Interrupted.interruptAtRange;
import static dev.banyan.move.mover.Interrupted.move;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Phase;
import dev.banyan.control.Progress.TableProgress;
import dev.banyan.move.plan.TestLimits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy that is interrupted goes on, whatever was written meanwhile. */
class ResumedCopyIntegrationTests {

  private static final String SEEN = "select string_agg(id || ':' || xmin || ':' || ctid, ' ' order by id) from s.item where id <= 400";

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
    try (Move move = Move.of("large", TestLimits.of("100ms", 2, 1, 10_000), List.of(Move.table("s.item")))) {
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

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void goesOnWhenInterruptedWhileRowsOfOlderSnapshotsAreBroughtUpToDate(int commit) throws Exception {
    try (Move move = Move.of("region_" + commit, TestLimits.of("100ms", 2, 1, 5_000), List.of(Move.table("s.item")))) {
      move.onBoth(ITEMS).onMonolith("insert into s.item select i, 'u' || i, null, 0 from generate_series(1, 30000) i");
      failOnce(move, "side", "update", "new.applied <> old.applied and exists (select from banyan.copy_range)", commit);
      interruptAtRange(move, 3, """
          update s.item set n = n + 1;
          delete from s.item where id % 10 = 0;
          insert into s.item select i, 'again' || i, null, 0 from generate_series(10, 30000, 20) i;
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
}
