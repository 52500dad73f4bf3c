package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TablePlan;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kinds of changes, streamed between two real servers and compared; each test has a table of its own. */
class StreamIntegrationTests {

  private static final String TABLES = """
      create schema s;
      create table s.toast (id int primary key, big text, jb jsonb, n int default 42, note text default 'default');
      create table s.rekeyed (a int, b text, big text, primary key (a, b));
      create table s.emptied (id int primary key, v text);
      create table s.swapped (id int primary key, u text unique);
      create table s.interleaved (id int primary key, v text);
      create table s.types (id int primary key, amount numeric, f8 float8, d date, ts timestamp, tz timestamptz, iv interval[],
        b bytea, arr text[], u uuid, flag boolean, bits bit(5), r int4range, ip inet, mood text, t time);
      create table s."Odd ""Name"".x" (id int primary key, "select" text, "Ünï codé" text);
      create table s.identity (id int generated always as identity primary key, twice int generated always as (id * 2) stored, v text);
      """;

  private static Move move;

  @BeforeAll
  static void moves() {
    move = Move.of("stream", Limits.defaults(), List.of(
        Move.table("s.toast"), Move.table("s.rekeyed"), Move.table("s.emptied"), Move.table("s.swapped"),
        Move.table("s.interleaved"), Move.table("s.types"), Move.table("s.\"Odd \"\"Name\"\".x\""), Move.table("s.identity")));
    move.onBoth(TABLES).onMonolith("insert into s.emptied select i, 'v' from generate_series(1, 10) i");
    move.start().awaitPhase(Phase.IN_SYNC);
  }

  @AfterAll
  static void ends() throws Exception {
    move.close();
  }

  private static void assertSame(String table) {
    assertThat(move.ask(Kind.VERIFY).outcome()).as("%s", move.said).containsEntry("equal", true);
    String rows = "select (t.*)::text from %s t order by 1".formatted(table);
    assertThat(move.serviceRows(rows)).isEqualTo(move.monolithRows(rows));
  }

  @Test
  void keepsAValueThatAnUpdateLeftOutsideTheRow() {
    move.onMonolith("""
        insert into s.toast (id, big, jb) select i, string_agg(md5(i::text || j), ''), jsonb_build_object('k', repeat(md5(i::text), 200))
          from generate_series(1, 20) i, generate_series(1, 500) j group by i;
        """);
    // Otherwise one batch would carry the insertions and with them the values.
    assertSame("s.toast");
    move.onMonolith("""
        update s.toast set n = n + 1;
        update s.toast set n = null, note = null where id <= 5;
        """);
    assertSame("s.toast");
    assertThat(move.serviceRows("select length(big)::text from s.toast where id = 1")).containsExactly("16000");
    assertThat(move.serviceRows("select count(*)::text from s.toast where note is null and n is null")).containsExactly("5");
  }

  @Test
  void movesARowToAnotherKeyWithTheValuesOutsideIt() {
    move.onMonolith("""
        insert into s.rekeyed select i, 'b', string_agg(md5(i::text || j), '') from generate_series(1, 10) i, generate_series(1, 500) j group by i;
        """);
    assertSame("s.rekeyed");
    move.onMonolith("""
        update s.rekeyed set a = a + 100;
        update s.rekeyed set b = 'c', a = a + 1 where a > 105;
        """);
    assertSame("s.rekeyed");
    assertThat(move.serviceRows("select sum(a) || ' ' || min(length(big)) from s.rekeyed")).containsExactly("1060 16000");
  }

  @Test
  void emptiesATableAndFillsItAgain() {
    move.onMonolith("begin; insert into s.emptied values (99, 'x'); truncate s.emptied; insert into s.emptied values (1, 'again'); commit;");
    assertSame("s.emptied");
    assertThat(move.serviceRows("select id || v from s.emptied")).containsExactly("1again");
  }

  @Test
  void exchangesUniqueValuesWithinATransactionAndAcrossTransactions() {
    move.onMonolith("""
        insert into s.swapped values (1, 'a'), (2, 'b'), (3, 'c');
        begin; update s.swapped set u = 'tmp' where id = 1; update s.swapped set u = 'a' where id = 2; update s.swapped set u = 'b' where id = 1; commit;
        update s.swapped set u = 'free' where id = 3;
        update s.swapped set u = 'c' where id = 1;
        update s.swapped set u = 'b' where id = 3;
        begin; delete from s.swapped where id = 2; insert into s.swapped values (2, 'a'); commit;
        """);
    assertSame("s.swapped");
  }

  @Test
  void appliesInTheOrderOfCommitsAndForgetsWhatWasRolledBack() throws SQLException {
    try (Connection first = move.space.monolith().connect(); Connection second = move.space.monolith().connect()) {
      first.setAutoCommit(false);
      second.setAutoCommit(false);
      execute(first, "insert into s.interleaved values (1, 'first')");
      execute(second, "insert into s.interleaved values (2, 'second')");
      execute(second, "savepoint a");
      execute(second, "insert into s.interleaved values (3, 'rolled back')");
      execute(second, "rollback to a");
      execute(second, "insert into s.interleaved values (4, 'kept')");
      second.commit();
      move.onMonolith("update s.interleaved set v = 'changed' where id = 2");
      execute(first, "insert into s.interleaved values (5, 'late')");
      first.commit();
    }
    assertSame("s.interleaved");
    assertThat(move.serviceRows("select string_agg(id || v, ',' order by id) from s.interleaved"))
        .containsExactly("1first,2changed,4kept,5late");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void carriesValuesThatTheEngineWouldBend() {
    move.onMonolith("""
        insert into s.types values
          (1, 'NaN', 'NaN', '0044-03-15 BC', '2024-02-29 23:59:59.123456', '2024-02-29 23:59:59.123456+05:30', '{1 year 2 mons 3 days 04:05:06.789,infinity}',
           '\\x00ff', array['a', null, 'q"u\\o,te', ''], '00000000-0000-0000-0000-00000000000f', true, b'10101', '[1,5)', '10.0.0.1/8', 'x', '23:59:59.999999'),
          (2, 1.500, 'Infinity', '9999-12-31', 'infinity', '-infinity', '{-1 mons}', '', '{}', null, false, null, 'empty', '::1', '', '00:00'),
          (3, 12345678901234567890.123456789012345678901234567890, -0.0, null, '0001-01-01 00:00 BC', '12345-06-07 08:09:10.000001+00', '{}', null,
           '{{a,b},{c,d}}', null, null, null, '(,)', null, 'ünï 🌳', null),
          (5, '-Infinity', 1, '-infinity', null, null, null, null, null, null, null, null, null, null, null, null),
          (6, 1, 1, '5874897-12-31', null, null, null, null, null, null, null, null, null, null, null, null),
          (7, 1, 1, '4713-01-01 BC', null, null, null, null, null, null, null, null, null, null, null, null),
          (4, 'Infinity', 1e-300, 'infinity', null, null, null, null, null, null, null, null, null, null, null, null);
        """);
    assertSame("s.types");
  }

  @Test
  void streamsTablesAndColumnsWithOddNames() {
    move.onMonolith("""
        insert into s."Odd ""Name"".x" values (1, 'a', 'b');
        update s."Odd ""Name"".x" set "Ünï codé" = 'c';
        """);
    assertSame("s.\"Odd \"\"Name\"\".x\"");
  }

  @Test
  void keepsIdentityValuesAndComputesGeneratedOnes() {
    move.onMonolith("insert into s.identity (v) values ('a'), ('b'); update s.identity set v = 'c' where v = 'a'; delete from s.identity where v = 'b';");
    assertSame("s.identity");
  }

  @Test
  void writesALargeTransactionInPiecesAndCommitsItWhole() {
    move.onMonolith("insert into s.toast (id, big) select i, repeat('x', 100) from generate_series(1000, 61000) i");
    assertSame("s.toast");
  }

  @Test
  void renamesLeavesOutAndFilters() throws Exception {
    try (Move mapped = Move.of("mapped", Limits.defaults(), List.of(new TablePlan(new TableName("s", "a"), new TableName("t", "b"),
        Map.of("zip", Optional.of("postal_code"), "note", Optional.empty()), Optional.of("country is not null"), 1)))) {
      mapped.onMonolith("""
              create schema s; create table s.a (id int primary key, zip text, note text default 'secret', country text);
              alter table s.a replica identity full;
              insert into s.a values (1, 'z1', 'n', 'DE'), (2, 'z2', 'n', null);""")
          .onService("create schema t; create table t.b (id int primary key, postal_code text, country text)")
          .start().awaitPhase(Phase.IN_SYNC);
      mapped.onMonolith("""
          insert into s.a values (3, 'z3', 'n', 'JP'), (4, 'z4', 'n', null), (5, 'z5', 'n', 'BR');
          update s.a set country = 'FR' where id = 2;
          update s.a set country = null where id = 3;
          delete from s.a where id in (4, 5);""");
      assertThat(mapped.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      assertThat(mapped.serviceRows("select string_agg(id || postal_code || country, ',' order by id) from t.b")).containsExactly("1z1DE,2z2FR");

      Intent refused = mapped.ask(Kind.SWITCH_WRITES);
      assertThat(refused.state()).isEqualTo(State.REFUSED);
      assertThat(refused.outcome().get("message").toString()).contains("way back of s.a: only rows where country is not null");
    }
  }

  @Test
  void renamesAndLeavesOutOnTheWayBackToo() throws Exception {
    try (Move mapped = Move.of("renamed", Limits.defaults(), List.of(new TablePlan(new TableName("s", "a"), new TableName("t", "b"),
        Map.of("zip", Optional.of("postal_code"), "note", Optional.empty()), Optional.empty(), 1)))) {
      mapped.onMonolith("""
              create schema s; create table s.a (id int primary key, zip text, note text default 'secret', country text);
              insert into s.a values (1, 'z1', 'n', 'DE'), (2, 'z2', 'n', null);""")
          .onService("create schema t; create table t.b (id int primary key, postal_code text, country text)")
          .start().awaitPhase(Phase.IN_SYNC);
      assertThat(mapped.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      assertThat(mapped.ask(Kind.SWITCH_WRITES).outcome()).containsEntry("owner", "service");
      mapped.onService("insert into t.b values (9, 'z9', 'IT'); update t.b set postal_code = 'new' where id = 1");
      assertThat(mapped.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      assertThat(mapped.monolithRows("select string_agg(concat_ws('/', id, zip, note, country), ',' order by id) from s.a"))
          .containsExactly("1/new/n/DE,2/z2/n,9/z9/secret/IT");
    }
  }

  @Test
  void findsExactlyTheRowsThatDiffer() throws Exception {
    try (Move broken = Move.of("broken", "s.t")) {
      broken.onBoth("create schema s; create table s.t (id int primary key, v numeric)")
          .onMonolith("insert into s.t select i, i from generate_series(1, 5000) i").start().awaitPhase(Phase.IN_SYNC);
      broken.space.service().jdbi().useTransaction((Handle handle) -> {
        handle.execute("set local session_replication_role = replica");
        handle.execute("update s.t set v = 17.0 where id = 17");
        handle.execute("delete from s.t where id in (18, 4000)");
        handle.execute("insert into s.t values (6000, 1)");
      });
      Map<String, Object> outcome = broken.ask(Kind.VERIFY).outcome();
      assertThat(outcome).containsEntry("equal", false);
      assertThat(((List<?>) outcome.get("tables")).get(0)).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
          .containsEntry("rows", 5000).containsEntry("different", 1).containsEntry("missing", 2).containsEntry("extra", 1);
      assertThat(broken.ask(Kind.SWITCH_WRITES).outcome().get("message").toString()).contains("both sides differ");
    }
  }
}
