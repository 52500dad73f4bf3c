package dev.banyan.move.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.TableName;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.SidePlan;
import dev.banyan.move.plan.TablePlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a check refuses, by name, and that it refuses nothing else. */
class CheckIntegrationTests {

  private static Database monolith;
  private static Database service;

  @BeforeAll
  static void connect() {
    monolith = new Database(TwoServers.monolith("checked"));
    service = new Database(TwoServers.service("checked"));
  }

  @AfterAll
  static void disconnect() {
    monolith.close();
    service.close();
  }

  @BeforeEach
  void empty() {
    both("drop schema if exists s cascade; drop schema if exists other cascade; create schema s; create schema other");
  }

  private static void both(String sql) {
    on(monolith, sql);
    on(service, sql);
  }

  private static void on(Database database, String sql) {
    database.jdbi().useHandle(handle -> handle.createScript(sql).execute());
  }

  private static List<String> findings() {
    return findings(Map.of(), Optional.empty());
  }

  private static List<String> findings(Map<String, Optional<String>> columns, Optional<String> where) {
    TableName table = new TableName("s", "t");
    Plan plan = new Plan("plan.yml", "checked", side(monolith.address()), side(service.address()),
        List.of(new TablePlan(table, table, columns, where, 7)), List.of(), Limits.defaults());
    return new Checker(plan, monolith, service).beforeTheMove().findings().stream().map(Finding::toString).toList();
  }

  private static SidePlan side(DatabaseAddress address) {
    return new SidePlan(Optional.empty(), address);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "timetz | its offset from UTC is lost on the way",
      "interval | an infinite interval arrives as none",
      "oid | identifies objects of one database",
      "oid[] | identifies objects of one database",
      "regclass | identifies objects of one database",
      "s.holder | identifies objects of one database",
      "s.point | another type has the same name",
      "other.amount | another type has the same name",
  })
  void refusesATypeThatIsNotCarriedExactly(String type, String reason) {
    both("""
        create type s.holder as (o oid); create type s.point as (x int);
        create domain other.amount as numeric; create domain public.amount as interval;
        create table s.t (id int primary key, v %s)""".formatted(type));
    try {
      assertThat(findings()).singleElement().asString().contains("type of s.t.v", reason);
    } finally {
      both("drop domain public.amount cascade");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "create domain s.mood_domain as s.mood",
      "create type s.nothing as enum ()",
  })
  void refusesADatabaseWithATypeThatTheConnectorCannotRead(String type) {
    both("create table s.t (id int primary key); create type s.mood as enum ('a')");
    on(monolith, type);
    assertThat(findings()).singleElement().asString().contains("types can be read (monolith)");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "create unlogged table s.t (id int primary key) | writes the log: unlogged",
      "create table s.t (id int primary key); alter table s.t enable row level security | shows every row: row-level security",
      "create view s.t as select 1 as id | is a table: view",
      "create materialized view s.t as select 1 as id | is a table: materialized view",
      "create table s.p (id int primary key); create table s.t (primary key (id)) inherits (s.p) | stands alone: inherits",
      "create table s.t (id int primary key); create table s.c () inherits (s.t) | stands alone: inherits",
      "create table s.r (id int primary key) partition by range (id); create table s.t partition of s.r default | stands alone: inherits",
      "create table s.t (id int) | logs a key that tells rows apart: none that is checked at once (replica identity d)",
      "create table s.t (id int primary key deferrable) | logs a key that tells rows apart: none that is checked at once",
      "create table s.t (id int unique) | logs a key that tells rows apart: none that is checked at once",
      "create table s.t (id int not null unique) | replica identity using index \"t_id_key\";",
      "create table s.t (id int primary key); alter table s.t replica identity nothing | replica identity default;",
      "create table s.t () | has columns: none that are stored",
      "create table s.t (id int primary key, \"Name\" text, name text) | has columns that differ by more than case: Name and name",
      "create table s.t (id int primary key, \"\"\"v\"\"\" text) | no quote in front",
      "create table s.t (id int, twice int generated always as (id * 2) stored not null, primary key (id, twice)) | twice is generated",
      "create table s.t (id int primary key, v int, w int generated always as (v) stored); alter table s.t replica identity full | w is generated",
  })
  void refusesATableThatCannotBeMovedWhole(String tables, String reason) {
    both(tables);
    assertThat(findings()).isNotEmpty().allSatisfy(finding -> assertThat(finding).contains("s.t")).anySatisfy(finding ->
        assertThat(finding).contains(reason));
  }

  @Test
  void refusesPartitionsWhoseChangesAreLoggedDifferently() {
    both("""
        create table s.t (id int primary key) partition by range (id);
        create table s.low partition of s.t for values from (0) to (10); create table s.high partition of s.t default;
        alter table s.low replica identity full""");
    assertThat(findings()).hasSize(2).allSatisfy(finding ->
        assertThat(finding).contains("logs the key of changed rows: replica identities that differ between partitions"));
  }

  @Test
  void refusesWhatFiresForReplicatedChanges() {
    both("""
        create table s.t (id int primary key);
        create function s.f() returns trigger language plpgsql as 'begin return new; end';
        create trigger audit before insert on s.t for each row execute function s.f()""");
    assertThat(findings()).isEmpty();
    on(service, "alter table s.t enable always trigger audit");
    assertThat(findings()).singleElement().asString().contains("s.t (service) fires nothing for replicated changes: trigger audit");
  }

  @Test
  void refusesTypesThatAreNotTheSameAllTheWayDown() {
    on(monolith, "create type s.mood as enum ('a', 'b'); create type s.pair as (m s.mood[]); create table s.t (id int primary key, v s.pair)");
    on(service, "create type s.mood as enum ('a'); create type s.pair as (m s.mood[]); create table s.t (id int primary key, v s.pair)");
    assertThat(findings()).singleElement().asString().contains("type of s.t.v (service)", "e mood 'a', 'b'");
  }

  @Test
  void takesOneTypeForTheOtherWhereOnlyItsSchemaDiffers() {
    on(monolith, "create type s.mood as enum ('a', 'b'); create table s.t (id int primary key, v s.mood, w s.mood[])");
    on(service, "create type other.mood as enum ('a', 'b'); create table s.t (id int primary key, v other.mood, w other.mood[])");
    assertThat(findings()).isEmpty();
  }

  @Test
  void refusesAColumnThatTakesNullsOnOneSideOnly() {
    on(monolith, "create table s.t (id int primary key, v text)");
    on(service, "create table s.t (id int primary key, v text not null)");
    assertThat(findings()).singleElement().asString().contains("column s.t.v (service): not null, needed: nullable");
  }

  @Test
  void refusesToLeaveOutWhatRowsCannotComeBackWithout() {
    on(monolith, "create table s.t (id int primary key, v text not null)");
    on(service, "create table s.t (id int primary key)");
    assertThat(findings(Map.of("v", Optional.empty()), Optional.empty())).singleElement().asString()
        .contains("column s.t.v, left out: not null, without a default");
  }

  @Test
  void refusesAKeyOnOneSideOnly() {
    on(monolith, "create table s.t (id int not null, v text); alter table s.t replica identity full");
    on(service, "create table s.t (id int primary key, v text)");
    assertThat(findings()).singleElement().asString().contains("key of s.t (service): [id], needed: none");
  }

  @Test
  void acceptsEveryWayOfTellingRowsApart() {
    for (String table : List.of(
        "create table s.t (a int, b text, v int, primary key (b, a) include (v))",
        "create table s.t (a int not null, b text not null, v int, unique (a, b), unique (a, b, v)); alter table s.t replica identity using index t_a_b_key",
        "create table s.t (a int not null unique, b text); alter table s.t replica identity full",
        "create table s.t (a int, b text); alter table s.t replica identity full",
        "create table s.t (a int primary key, b interval check (isfinite(b)))",
        "create table s.t (a int primary key) partition by range (a); create table s.t1 partition of s.t default")) {
      empty();
      both(table);
      assertThat(findings()).as(table).isEmpty();
    }
  }
}
