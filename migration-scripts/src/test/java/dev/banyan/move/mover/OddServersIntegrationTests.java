package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.move.TwoServers;
import dev.banyan.move.check.Checker;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.SidePlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and databases that are set up or used otherwise than one would think. */
class OddServersIntegrationTests {

  private static final String TABLE = "create schema s; create table s.t (id int primary key, v text)";

  private static Move named(String module, String database) {
    return Move.of(new Plan(database + ".yml", module, new SidePlan(Optional.empty(), TwoServers.monolith(database)),
        new SidePlan(Optional.empty(), TwoServers.service(database)), List.of(Move.table("s.t")), List.of(), Limits.defaults()));
  }

  private static void assertSame(Move move) {
    String rows = "select format('%s', t) from s.t order by id";
    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(move.serviceRows(rows)).isEqualTo(move.monolithRows(rows)));
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
  }

  @Test
  void leavesAMoveAloneThatHasTheSameNameInAnotherDatabase() throws Exception {
    try (Move production = named("same", "same_production"); Move staging = named("same", "same_staging")) {
      production.onBoth(TABLE).onMonolith("insert into s.t values (1, 'v')").start().awaitPhase(Phase.IN_SYNC);
      staging.onBoth(TABLE).start();
      await().until(() -> staging.failure != null);
      assertThat(staging.failure).hasMessageContaining("belongs to database same_production");
      production.onMonolith("insert into s.t values (2, 'w')");
      assertSame(production);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"array_nulls = off", "transaction_timeout = '2s'", "xmloption = document", "default_transaction_read_only = on"})
  void readsAndWritesTheSameWhateverADatabasesSettingsAre(String setting) throws Exception {
    String module = "set_" + setting.substring(0, 5);
    try (Move move = Move.of(module, "s.t")) {
      move.onBoth("create schema s; create table s.t (id int primary key, v text[], x xml)");
      for (var side : List.of(move.space.monolith(), move.space.service())) {
        side.jdbi().useHandle(handle -> handle.execute("alter database %s set %s".formatted(module, setting)));
      }
      try (Holding holding = Holding.atRange(move, 0)) {
        move.onMonolith("insert into s.t values (1, array[null, 'a'], 'a<b/>c')").start();
        holding.awaitReached();
        if (setting.startsWith("transaction_timeout")) {
          await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        }
      }
      move.awaitPhase(Phase.IN_SYNC);
      move.onMonolith("insert into s.t values (2, array[null, 'b'], 'd<e/>f'); update s.t set v = array['x', null] where id = 1");
      assertSame(move);
    }
  }

  @Test
  void refusesAServerThatTakesSlotsAwayWhichNobodyReads() throws Exception {
    try (Move move = Move.of("idle_slots", "s.t")) {
      move.onBoth(TABLE);
      move.onMonolith("alter system set idle_replication_slot_timeout = '10h'").onMonolith("select pg_reload_conf()");
      try {
        Checker checker = new Checker(move.space.plan(), move.space.monolith(), move.space.service());
        await().untilAsserted(() -> assertThat(checker.beforeTheMove().findings()).singleElement()
            .satisfies(finding -> assertThat(finding.condition()).isEqualTo("idle_replication_slot_timeout (monolith)")));
      } finally {
        move.onMonolith("alter system reset idle_replication_slot_timeout").onMonolith("select pg_reload_conf()");
      }
    }
  }

  @Test
  void cancelsACopyOfTablesThatTheServicePublishesAndRefersTo() throws Exception {
    Limits limits = Limits.defaults();
    try (Move move = Move.of("published", limits, List.of(Move.table("s.a"), Move.table("s.b")))) {
      move.onBoth("create schema s; create table s.a (id int primary key); create table s.b (id int primary key)")
          .onService("create table s.c (b int references s.b); create publication analytics for all tables")
          .onMonolith("insert into s.a select generate_series(1, 500); insert into s.b select generate_series(1, 500)");
      try (Holding holding = Holding.atRange(move, 1)) {
        move.start();
        holding.awaitReached();
        move.space.intents().request("published", Kind.CANCEL, Map.of(), "test");
        move.awaitPhase(Phase.CANCELLED);
      }
      await().until(() -> move.space.intents().open("published").isEmpty());
      move.onBoth("insert into s.a values (1000)");
      assertThat(move.serviceRows("select id::text from s.a")).containsExactly("1000");
      assertThat(move.serviceRows("select conname::text from pg_constraint where contype = 'p' order by 1")).contains("a_pkey", "b_pkey");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancelsWhereSomebodyHasDroppedAMovedTable(boolean onService) throws Exception {
    try (Move move = Move.of("dropped_" + onService, "s.t", "s.u")) {
      move.onBoth(TABLE + "; create table s.u (id int primary key)").start().awaitPhase(Phase.IN_SYNC);
      if (onService) {
        move.onService("drop table s.t");
      } else {
        move.onMonolith("drop table s.t");
      }
      move.stop();
      move.start();
      await().until(() -> move.said.stream().anyMatch(sentence -> sentence.startsWith("Halted")));
      assertThat(move.ask(Kind.CANCEL).outcome()).containsEntry("phase", "CANCELLED");
      move.onBoth("insert into s.u values (1)");
      String fences = "select count(*)::text from pg_trigger where tgname = 'banyan_fence'";
      assertThat(move.monolithRows(fences)).containsExactly("0");
      assertThat(move.serviceRows(fences)).containsExactly("0");
    }
  }

  @Test
  void doesNotTakeAnythingOfItsNameForAPrimaryKey() throws Exception {
    try (Move move = Move.of("namesake", "s.t")) {
      move.onBoth(TABLE).onMonolith("insert into s.t values (1, 'v')");
      try (Holding holding = Holding.atRange(move, 0)) {
        move.start();
        holding.awaitReached();
        move.onService("create table s.t_pkey (x int)");
      }
      await().until(() -> move.said.stream().anyMatch(sentence -> sentence.startsWith("Halted: Index s.t_pkey cannot be built")));
      move.onService("drop table s.t_pkey").stop();
      move.said.clear();
      move.start().awaitPhase(Phase.IN_SYNC);
      assertSame(move);
    }
  }
}
