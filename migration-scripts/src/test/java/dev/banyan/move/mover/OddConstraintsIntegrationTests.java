package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.move.check.Checker;
import dev.banyan.move.check.Finding;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TestLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys, constraints and casts of which an applier, a copy or a comparison can make too much or too little. */
class OddConstraintsIntegrationTests {

  private static void assertSame(Move move) {
    Intent verified = move.ask(Kind.VERIFY);
    assertThat(verified.outcome()).as(verified.outcome().toString()).containsEntry("equal", true);
    String rows = "select format('%s', t) from s.t order by 1";
    assertThat(move.serviceRows(rows)).isEqualTo(move.monolithRows(rows));
  }

  @Test
  void movesARowToAnotherKeyThatIsAlwaysGenerated() throws Exception {
    try (Move move = Move.of("always", "s.t")) {
      move.onMonolith("create schema s; create table s.t (id int generated always as identity primary key, v text, big text, u int unique)")
          .onService("create schema s; create table s.t (u int unique, big text, id int generated always as identity primary key, v text)")
          .onMonolith("alter table s.t alter big set storage external; insert into s.t (v, big, u) select 'v' || i, repeat('x', 9000), i from generate_series(1, 3) i")
          .start().awaitPhase(Phase.IN_SYNC);
      move.onMonolith("update s.t set id = default, v = 'moved' where v = 'v2'; update s.t set id = default where v = 'v3'");
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      String rows = "select format('%s %s %s %s', id, v, length(big), u) from s.t order by id";
      assertThat(move.serviceRows(rows)).isEqualTo(move.monolithRows(rows)).contains("4 moved 9000 2");
    }
  }

  @Test
  void emptiesTablesThatAnotherTableOfTheServiceRefersTo() throws Exception {
    try (Move move = Move.of("referred", "s.t")) {
      move.onBoth("create schema s; create table s.t (id int primary key)")
          .onService("create table s.more (id int references s.t)")
          .onMonolith("insert into s.t select generate_series(1, 10)").start().awaitPhase(Phase.IN_SYNC);
      move.onMonolith("insert into s.t values (11)");
      assertSame(move);
      assertThat(move.ask(Kind.CANCEL).outcome()).containsEntry("phase", "CANCELLED");
      assertThat(move.serviceRows("select id::text from s.t")).isEmpty();
    }
  }

  @Test
  void comparesWhatATypeWritesAndNotWhatItsCastMakesOfIt() throws Exception {
    try (Move move = Move.of("casts", "s.t")) {
      move.onBoth("""
              create schema s; create type s.pair as (a int, b int);
              create function s.blur(s.pair) returns text language sql immutable as 'select ''pair''';
              create cast (s.pair as text) with function s.blur(s.pair) as assignment;
              create table s.t (id int primary key, c bpchar, p s.pair)""")
          .onMonolith("insert into s.t values (1, 'a  ', (1, 2)), (2, 'b', (3, 4)), (3, null, (null, null))").start().awaitPhase(Phase.IN_SYNC);
      assertSame(move);
      move.pastTheFence("update s.t set c = 'a' where id = 1; update s.t set p = (3, 5) where id = 2; update s.t set p = null where id = 3");
      Intent verified = move.ask(Kind.VERIFY);
      assertThat(verified.outcome().toString()).contains("different (1): c", "different (2): p", "different (3): p");
    }
  }

  @Test
  void saysThatTheLogDoesNotCarryTheKey() throws Exception {
    try (Move move = Move.of("identity", "s.t")) {
      move.onBoth("create schema s; create table s.t (id int primary key, other int not null unique, v text)")
          .onMonolith("insert into s.t values (1, 1, 'a')").start().awaitPhase(Phase.IN_SYNC);
      move.stop();
      move.onMonolith("""
          alter table s.t replica identity using index t_other_key; delete from s.t where id = 1; alter table s.t replica identity default""");
      move.start();
      await().untilAsserted(() -> assertThat(move.said).anySatisfy(sentence -> assertThat(sentence)
          .contains("Halted: ", "not the key [id] of its row")));
      assertThat(move.serviceRows("select id::text from s.t")).containsExactly("1");
    }
  }

  @Test
  void appliesRowsWithoutAKeyThatWereLoggedBeforeAColumnWasAdded() throws Exception {
    try (Move move = Move.of("keyless_added", "s.t")) {
      move.onBoth("create schema s; create table s.t (a int, b text); alter table s.t replica identity full")
          .onMonolith("insert into s.t values (1, 'x')").start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      move.stop();
      move.onMonolith("insert into s.t values (2, null); update s.t set b = 'y' where a = 1").onBoth("alter table s.t add column c int default 7");
      move.start();
      assertSame(move);
    }
  }

  @Test
  void copiesEveryRowWhereTheOrderOfItsKeysIsNotTheServersOwn() throws Exception {
    Limits limits = TestLimits.of("300ms", 5, 2, 7);
    try (Move move = Move.of("citext_keys", limits, List.of(Move.table("s.t")))) {
      move.onBoth("create extension citext with schema public; create schema s; create table s.t (id public.citext collate \"C\" primary key, v text)")
          .onMonolith("insert into s.t select case when i % 2 = 0 then upper(md5(i::text)) else md5(i::text) end, i from generate_series(1, 300) i")
          .start().awaitPhase(Phase.IN_SYNC);
      move.onMonolith("update s.t set v = 'u' where v::int % 5 = 0; delete from s.t where v = '7'");
      assertSame(move);
    }
  }

  @Test
  void refusesAKeyThatTheServerItselfCannotCompare() throws Exception {
    try (Move move = Move.of("ltree_keys", "s.t")) {
      move.onBoth("create extension ltree with schema public; create schema s; create table s.t (id public.ltree primary key)");
      assertThat(new Checker(move.space.plan(), move.space.monolith(), move.space.service()).beforeTheMove().findings())
          .extracting(Finding::condition).contains("key of s.t, column id (monolith)");
    }
  }

  @Test
  void carriesValuesWhoseBinaryFormTheirOwnTypeRefuses() throws Exception {
    try (Move move = Move.of("binary_forms", "s.t")) {
      move.onBoth("create schema s; create table s.t (id int primary key, q tsquery, a aclitem, i int2vector)")
          .onMonolith("insert into s.t values (1, '', 'postgres=r/postgres', ''), (2, 'a & b', null, '1 2')").start().awaitPhase(Phase.IN_SYNC);
      move.onMonolith("insert into s.t values (3, '', 'postgres=w/postgres', '')");
      assertSame(move);
    }
  }

  @Test
  void copiesOnWhereAUniqueIndexIsTheKeyOfAFullyLoggedTable() throws Exception {
    try (Move move = Move.of("full_unique", "s.t")) {
      move.onBoth("create schema s; create table s.t (k int not null, v text); create unique index t_k on s.t (k); alter table s.t replica identity full")
          .onMonolith("insert into s.t select i, 'v' || i from generate_series(1, 200000) i").start();
      await().until(() -> move.said.stream().anyMatch(sentence -> sentence.contains("Cop")));
      move.stop();
      move.onMonolith("update s.t set v = 'changed' where k % 1000 = 0; delete from s.t where k = 5");
      move.start().awaitPhase(Phase.IN_SYNC);
      assertSame(move);
    }
  }
}
