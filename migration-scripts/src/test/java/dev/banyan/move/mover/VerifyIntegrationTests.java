package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Certificates;
import dev.banyan.control.Certificates.TableCertificate;
import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.JournalRecord;
import dev.banyan.control.Phase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The comparison of every row. */
class VerifyIntegrationTests {

  private static final String TABLE = "create schema s; create table s.t (id bigint primary key, v text);";
  private static final String TWO_TABLES = TABLE + "create table s.u (id bigint primary key, v text);";

  private static Move inSync(String module, String schema, String rows, String... tables) {
    Move move = Move.of(module, tables);
    move.onBoth(schema).onMonolith(rows).start().awaitPhase(Phase.IN_SYNC);
    return move;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> table(Intent intent, int index) {
    return (Map<String, Object>) ((List<?>) intent.outcome().get("tables")).get(index);
  }

  @Test
  void findsOneChangedBitOneMissingAndOneExtraRow() throws Exception {
    findsThreeRowsAmong(200_000, "needle");
  }

  @Test
  @Tag("thorough")
  void findsOneChangedBitOneMissingAndOneExtraRowAmongTenMillion() throws Exception {
    findsThreeRowsAmong(10_000_000, "needle_large");
  }

  private static void findsThreeRowsAmong(int rows, String module) throws Exception {
    try (Move move = inSync(module, "create schema s; create table s.t (id bigint primary key, b bytea, n int);",
        "insert into s.t select i, decode(md5(i::text), 'hex'), i from generate_series(1, %d) i".formatted(rows), "s.t")) {
      int bit = rows / 2;
      move.pastTheFence("""
          update s.t set b = set_bit(b, 37, 1 - get_bit(b, 37)) where id = %d; delete from s.t where id = %d;
          insert into s.t values (%d, '', 0)""".formatted(bit, rows - 1, rows + 1));
      Intent found = move.ask(Kind.VERIFY);
      assertThat(found.outcome()).containsEntry("equal", false);
      assertThat(table(found, 0)).containsEntry("rows", rows).containsEntry("different", 1).containsEntry("missing", 1).containsEntry("extra", 1);
      assertThat(table(found, 0).get("samples")).asInstanceOf(InstanceOfAssertFactories.LIST)
          .containsExactlyInAnyOrder("different (%d): b".formatted(bit), "missing (%d)".formatted(rows - 1), "extra (%d)".formatted(rows + 1));
    }
  }

  @Test
  void reportsNoDifferenceThatIsNoneUnderConstantLoad() throws Exception {
    verifiesUnderLoad(20, "load");
  }

  @Test
  @Tag("thorough")
  void reportsNoDifferenceThatIsNoneInAHundredRunsUnderConstantLoad() throws Exception {
    verifiesUnderLoad(100, "load_long");
  }

  private static void verifiesUnderLoad(int runs, String module) throws Exception {
    try (Move move = inSync(module, TABLE, "insert into s.t select i, 'v' from generate_series(1, 2000) i", "s.t");
        Load load = new Load(move, 3, 2_000)) {
      for (int run = 0; run < runs; run++) {
        load.awaitMore(50);
        long before = load.commits();
        Intent verified = move.ask(Kind.VERIFY, Map.of("changed", run % 4 == 3));
        assertThat(verified.state()).as(verified.outcome().toString()).isEqualTo(State.DONE);
        assertThat(verified.outcome()).as("run %d", run).containsEntry("equal", true);
        assertThat(load.commits()).as("the load went on").isGreaterThan(before);
      }
    }
  }

  @Test
  void certifiesTablesOneByOneAndTheModuleWhenEachHasACertificate() throws Exception {
    try (Move move = inSync("one_by_one", TWO_TABLES, "insert into s.t values (1, 'v'); insert into s.u values (1, 'v'), (2, 'v')", "s.t", "s.u")) {
      Certificates certificates = move.space.certificates();
      assertThat(move.ask(Kind.VERIFY, Map.of("tables", List.of("s.u"))).outcome()).containsEntry("equal", true);
      assertThat(certificates.ofModule("one_by_one")).isEmpty();
      assertThat(move.ask(Kind.SWITCH_WRITES).outcome().get("message").toString()).contains("certificate: none of s.t");

      move.onMonolith("insert into s.u values (3, 'v')");
      assertThat(move.ask(Kind.VERIFY, Map.of("tables", List.of("s.t"))).outcome()).containsEntry("equal", true);
      Map<String, Optional<TableCertificate>> kept = certificates.ofTables("one_by_one");
      assertThat(kept.get("s.t")).hasValueSatisfying(t -> assertThat(t.rows()).isEqualTo(1));
      assertThat(kept.get("s.u")).hasValueSatisfying(u -> assertThat(u.rows()).isEqualTo(2));
      assertThat(kept.get("s.u").orElseThrow().position()).isNotEqualTo(kept.get("s.t").orElseThrow().position());
      assertThat(move.ask(Kind.VERIFY, Map.of("tables", List.of("s.none"))).outcome().get("message").toString())
          .contains("moves no table s.none; it moves s.t, s.u");
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
    }
  }

  @Test
  void anInterruptedVerificationKeepsTheTablesThatWereDoneAndLeavesNothingElse() throws Exception {
    try (Move move = inSync("interrupted", TWO_TABLES, "insert into s.t values (1, 'v'); insert into s.u values (1, 'v')", "s.t", "s.u")) {
      move.onMonolith("""
          create sequence s.failures;
          create function s.fail() returns trigger language plpgsql as $$
          begin
            if new.name = 's.u' and nextval('s.failures') = 1 then raise exception 'injected' using errcode = '57P01'; end if;
            return new;
          end $$;
          create trigger fail before insert on banyan.table_certificate for each row execute function s.fail();
          """);
      assertThat(move.ask(Kind.VERIFY).state()).isEqualTo(State.FAILED);
      assertThat(move.space.certificates().ofTables("interrupted").get("s.t")).isPresent();
      assertThat(move.space.certificates().ofTables("interrupted").get("s.u")).isEmpty();
      for (List<String> left : List.of(move.monolithRows(LEFT_OVER), move.serviceRows(LEFT_OVER))) {
        assertThat(left).isEmpty();
      }
      await().until(() -> move.space.progress().mover("interrupted").filter(m -> m.state().equals("streaming")).isPresent());
      assertThat(move.ask(Kind.VERIFY, Map.of("tables", List.of("s.u"))).outcome()).containsEntry("equal", true);
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
    }
  }

  private static final String LEFT_OVER = """
      select slot_name from pg_replication_slots where slot_name like 'banyan_interrupted_verify%'
      union all select query from pg_stat_activity where datname = 'interrupted' and backend_xmin is not null and pid <> pg_backend_pid()
        and split_part(application_name, ':', 1) = 'banyan' and state <> 'active'""";

  @Test
  void namesColumnsAndNoPersonalValue() throws Exception {
    try (Move move = inSync("masks", "create schema s; create table s.t (email text primary key, name text, city text);",
        "insert into s.t values ('ada@example.org', 'Ada Secret', 'Paris'), ('bob@example.org', 'Bob Secret', 'Rome')", "s.t")) {
      move.pastTheFence("update s.t set name = 'Forged Secret' where email = 'ada@example.org'; delete from s.t where email = 'bob@example.org'");
      Intent found = move.ask(Kind.VERIFY);
      assertThat(table(found, 0).get("samples")).asInstanceOf(InstanceOfAssertFactories.LIST)
          .containsExactlyInAnyOrder("different (ad…): name", "missing (bo…)");
      for (String kept : List.of("select outcome::text from banyan.intent", "select detail::text from banyan.journal",
          "select report::text from banyan.certificate", "select coalesce(shown || repair, '') from banyan.difference")) {
        assertThat(String.join("\n", move.monolithRows(kept))).doesNotContain("Secret", "example.org", "Paris");
      }
      assertThat(move.ask(Kind.VERIFY, Map.of("repair", true)).outcome()).containsEntry("equal", true);
      assertThat(move.space.control().journal("masks", 50).stream().map(JournalRecord::detail).toList().toString())
          .contains("missing (bo…)").doesNotContain("Secret", "example.org");
    }
  }

  @Test
  void tellsHowFarItHasCome() throws Exception {
    try (Move move = inSync("progress", TWO_TABLES, "insert into s.t select i, '' from generate_series(1, 1234) i", "s.t", "s.u")) {
      Intent verified = move.ask(Kind.VERIFY);
      assertThat(move.space.intents().progress(verified.id())).hasValue("1,234 rows compared, 2 of 2 tables done");
    }
  }
}
