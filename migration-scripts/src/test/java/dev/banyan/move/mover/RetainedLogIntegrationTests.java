package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import dev.banyan.move.plan.Limit;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TestLimits;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The log that the slot retains on the owner's server, from the first warning to the slot's end. */
class RetainedLogIntegrationTests {

  private static final String ITEMS = "create schema s; create table s.item (id int primary key, u text unique, big text, n int default 0);";
  private static final String TEN_RANGES = """
      insert into s.item select i, 'u' || i, string_agg(md5(i::text || j), ''), 0
        from generate_series(1, 1000) i, generate_series(1, 100) j group by i;
      """;

  private static Move move(String module, String retained) {
    Limits limits = TestLimits.of(Map.of(Limit.FENCE_TIMEOUT, "100ms", Limit.FENCE_ATTEMPTS, "2", Limit.COPY_JOBS, "1",
        Limit.RANGE_ROWS, "100", Limit.RETAINED_WAL, retained));
    return Move.of(module, limits, List.of(Move.table("s.item"))).onBoth(ITEMS).onMonolith(TEN_RANGES);
  }

  private static Move inSync(String module, String retained) {
    Move move = move(module, retained).start();
    move.awaitPhase(Phase.IN_SYNC);
    return move;
  }

  /**
   * A transaction whose record stands in the log keeps a slot from moving on, on whichever server; of one that only has
   * its number, the slot's reader knows nothing.
   */
  private static Connection keepingLog(Database server) throws SQLException {
    Connection connection = server.connect();
    connection.setAutoCommit(false);
    connection.createStatement().execute("select pg_logical_emit_message(true, 'open', 'kept')");
    return connection;
  }

  private static void write(Database server, int megabytes) {
    server.jdbi().useHandle(handle -> handle.execute(
        "select pg_logical_emit_message(false, 'noise', repeat('x', 1024 * 1024)) from generate_series(1, %d)".formatted(megabytes)));
  }

  private static List<String> said(Move move, String beginning) {
    return move.said.stream().filter(sentence -> sentence.startsWith(beginning)).toList();
  }

  private static String awaitSaid(Move move, String beginning) {
    await(beginning).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20)).until(() -> {
      if (move.failure != null) {
        throw new AssertionError("the mover has failed; it said " + move.said, move.failure);
      }
      return !said(move, beginning).isEmpty();
    });
    return said(move, beginning).get(0);
  }

  private static void assertEqual(Move move) {
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
  }

  @Test
  void warnsOnceFromHalfOfTheLimitOn() throws Exception {
    try (Move move = inSync("log_warned", "40MB")) {
      try (Connection open = keepingLog(move.space.monolith())) {
        write(move.space.monolith(), 21);
        assertThat(awaitSaid(move, "Warning")).contains("slot banyan_log_warned_monolith retains ").contains("limits.retained-wal 40.0 MB");
        assertThat(move.events()).contains("log.warning");
        write(move.space.monolith(), 1);
        await().until(() -> move.space.progress().mover("log_warned").orElseThrow().alive());
        open.rollback();
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> {
        move.onMonolith("update s.item set n = n + 1 where id = 1; select pg_log_standby_snapshot()");
        return move.events().contains("log.normal");
      });
      assertThat(said(move, "Warning")).hasSize(1);
      assertEqual(move);
    }
  }

  @Test
  void givesItsSlotUpPastTheLimitAndSaysSoAgainAfterARestart() throws Exception {
    try (Move move = inSync("log_in_sync", "8MB"); Connection open = keepingLog(move.space.monolith())) {
      write(move.space.monolith(), 10);
      String halted = awaitSaid(move, "Halted");
      assertThat(halted).contains("Slot banyan_log_in_sync_monolith on the server of the monolith was given up: it retained ")
          .contains("more than limits.retained-wal 8.0 MB").contains("banyan cancel plan.yml, then banyan run plan.yml, which copies anew");
      assertThat(move.slots()).isEmpty();
      assertThat(move.events()).contains("slot.given-up");
      Intent refused = move.ask(Kind.SWITCH_WRITES);
      assertThat(refused.state()).isEqualTo(State.REFUSED);
      assertThat(refused.outcome().get("message").toString()).contains("was given up");
      move.stop().start();
      await().until(() -> said(move, "Halted").size() == 2);
      assertThat(said(move, "Halted").get(1)).isEqualTo(halted);
      move.onMonolith("insert into s.item values (5000, 'new', 'x', 1)");
      assertThat(move.ask(Kind.CANCEL).state()).isEqualTo(State.DONE);
      open.rollback();
      move.stop();
      move.said.clear();
      move.start().awaitPhase(Phase.IN_SYNC);
      assertEqual(move);
    }
  }

  @Test
  void givesItsSlotUpWhileCopyingAndCopiesAnewWhenItIsStartedAgain() throws Exception {
    try (Move move = move("log_copying", "8MB"); Holding holding = Holding.atRange(move, 3)) {
      move.start();
      holding.awaitReached();
      write(move.space.monolith(), 10);
      assertThat(awaitSaid(move, "Halted")).contains("Slot banyan_log_copying_monolith").contains("copies anew, or banyan cancel plan.yml");
      assertThat(move.slots()).isEmpty();
      move.stop();
      holding.close();
      move.said.clear();
      move.start().awaitPhase(Phase.IN_SYNC);
      assertThat(said(move, "The copy has to begin anew")).hasSize(1);
      assertEqual(move);
    }
  }

  @Test
  void refusesARollbackOnceTheServicesSlotIsGivenUpAndCanStillComplete() throws Exception {
    try (Move move = inSync("log_service", "8MB")) {
      assertEqual(move);
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
      try (Connection open = keepingLog(move.space.service())) {
        write(move.space.service(), 10);
        assertThat(awaitSaid(move, "Halted")).contains("Slot banyan_log_service_service on the server of the service")
            .contains("there is no rollback any more");
        open.rollback();
      }
      assertThat(move.slots()).isEmpty();
      move.onService("insert into s.item values (5000, 'the service goes on', 'x', 1)");
      move.stop().start();
      await().until(() -> said(move, "Halted").size() == 2);
      Intent rollback = move.ask(Kind.ROLLBACK);
      assertThat(rollback.state()).isEqualTo(State.REFUSED);
      assertThat(rollback.outcome().get("message").toString()).contains("limits.retained-wal").contains("no rollback");
      assertThat(move.ask(Kind.COMPLETE).state()).isEqualTo(State.DONE);
      assertThat(move.serviceRows("select count(*)::text from s.item")).containsExactly("1001");
    }
  }

  @Test
  void givesItsSlotUpWhileItIsHalted() throws Exception {
    try (Move move = inSync("log_halted", "8MB")) {
      move.pastTheFence("delete from s.item where id = 7").onMonolith("update s.item set n = 5 where id = 7");
      awaitSaid(move, "Halted");
      assertThat(move.slots()).hasSize(1);
      write(move.space.monolith(), 10);
      assertThat(awaitSaid(move, "Still halted")).contains("was given up");
      assertThat(move.slots()).isEmpty();
      await().untilAsserted(() -> assertThat(move.space.progress().mover("log_halted").orElseThrow().message().orElse(""))
          .contains("updates met").contains("was given up"));
      assertThat(move.ask(Kind.CANCEL).state()).isEqualTo(State.DONE);
    }
  }

  @Test
  void givesTheMonolithsSlotUpWhileTheServiceIsAway() throws Exception {
    try (Move move = inSync("log_away", "8MB"); Database elsewhere = new Database(TwoServers.service("log_elsewhere"))) {
      elsewhere.jdbi().useHandle(handle -> {
        handle.execute("alter database log_away allow_connections false");
        handle.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'log_away'");
      });
      awaitSaid(move, "Interrupted");
      write(move.space.monolith(), 10);
      awaitSaid(move, "Slot banyan_log_away_monolith on the server of the monolith was given up");
      assertThat(move.monolithRows("select slot_name from pg_replication_slots where slot_name like 'banyan_log_away%'")).isEmpty();
      elsewhere.jdbi().useHandle(handle -> handle.execute("alter database log_away allow_connections true"));
      assertThat(awaitSaid(move, "Halted")).contains("was given up");
      assertThat(move.ask(Kind.CANCEL).state()).isEqualTo(State.DONE);
    }
  }

  /** A server that keeps hardly any log for slots, until this object is closed. */
  private record Impatience(Database server) implements AutoCloseable {

    Impatience {
      server.jdbi().useHandle(handle -> {
        handle.execute("alter system set max_slot_wal_keep_size = '1MB'");
        handle.execute("select pg_reload_conf()");
      });
    }

    /** The server ends a slot's reader first, which may confirm what it has read; the open transaction keeps its log. */
    void takeLogAway() throws SQLException {
      try (Connection open = keepingLog(server)) {
        write(server, 40);
        server.jdbi().useHandle(handle -> handle.createScript("select pg_switch_wal(); checkpoint; checkpoint").execute());
        open.rollback();
      }
    }

    @Override
    public void close() {
      server.jdbi().useHandle(handle -> {
        handle.execute("alter system reset max_slot_wal_keep_size");
        handle.execute("select pg_reload_conf()");
      });
    }
  }

  private static void assertCopiedAnew(Move move, String reason) throws Exception {
    move.said.clear();
    move.start().awaitPhase(Phase.IN_SYNC);
    assertThat(awaitSaid(move, "The copy has to begin anew: the slot")).contains(reason);
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    assertThat(move.serviceRows("select (t.*)::text from s.item t order by id"))
        .isEqualTo(move.monolithRows("select (t.*)::text from s.item t order by id"));
  }

  @Test
  void copiesAnewWhereTheServerHasTakenTheLogAwayInTheMiddleOfACopy() throws Exception {
    try (Move move = move("log_invalid_copy", "10GB")) {
      try (Impatience here = new Impatience(move.space.monolith()); Holding holding = Holding.atRange(move, 4)) {
        move.start();
        holding.awaitReached();
        here.takeLogAway();
        assertThat(awaitSaid(move, "Halted")).contains("PostgreSQL has invalidated the slot banyan_log_invalid_copy_monolith")
            .contains("stop the mover and start it again");
      }
      move.stop();
      move.onMonolith("update s.item set u = 'nobody streams it ' || id where id % 10 = 0");
      assertCopiedAnew(move, "no longer holds what was committed");
    }
  }

  @Test
  void copiesAnewWhereTheServerHasTakenTheLogAwayBehindACopy() throws Exception {
    try (Move move = move("log_invalid_copied", "10GB"); Impatience here = new Impatience(move.space.monolith());
        Connection writer = move.space.service().connectAsApplier()) {
      writer.setAutoCommit(false);
      try (Holding holding = Holding.at(move, "new.applied is not null", "update", "side")) {
        move.start();
        holding.awaitReached();
        writer.createStatement().execute("lock table s.item in row exclusive mode");
      }
      awaitSaid(move, "Building index");
      move.stop();
      writer.rollback();
      here.takeLogAway();
      move.onMonolith("update s.item set u = 'nobody streams it ' || id where id % 10 = 0");
      assertCopiedAnew(move, "is gone");
    }
  }

  @Test
  void saysThatTheServerHasTakenTheLogAway() throws Exception {
    try (Move move = inSync("log_invalidated", "10GB")) {
      try (Impatience here = new Impatience(move.space.monolith())) {
        here.takeLogAway();
        assertThat(awaitSaid(move, "Halted")).contains("PostgreSQL has invalidated the slot banyan_log_invalidated_monolith")
            .contains("max_slot_wal_keep_size").contains("The monolith owns module 'log_invalidated' and its rows are whole");
      }
      assertThat(move.serviceRows("select count(*)::text from s.item")).containsExactly("1000");
      assertThat(move.ask(Kind.CANCEL).state()).isEqualTo(State.DONE);
      assertThat(move.slots()).isEmpty();
    }
  }

  @Test
  void letsTheStreamCatchUpBeforeTheCopyGoesOn() throws Exception {
    try (Move move = move("log_break", "40MB")) {
      try (Holding holding = Holding.atRange(move, 4)) {
        move.start();
        holding.awaitReached();
        move.onMonolith(ResumedCopyIntegrationTests.EVERY_KIND_OF_WRITE);
        write(move.space.monolith(), 31);
        awaitSaid(move, "Warning");
        await().until(() -> move.space.progress().mover("log_break").orElseThrow().state().startsWith("copy waits for the stream"));
      }
      await().atMost(Duration.ofSeconds(60)).until(() -> {
        move.onMonolith("update s.item set n = n + 1 where id in (5, 995); select pg_log_standby_snapshot()");
        return move.events().contains("copy.goes-on");
      });
      move.awaitPhase(Phase.IN_SYNC);
      assertThat(said(move, "The copy waits for the stream to catch up")).hasSize(1);
      assertThat(said(move, "The copy has to begin anew")).isEmpty();
      assertEqual(move);
    }
  }

  @Test
  void doesNotGiveItsSlotUpInTheMiddleOfASwitch() throws Exception {
    // Not a connection of the mover's kind: the switch waits for those of others before it holds anything.
    try (Move move = inSync("log_switch", "8MB");
        Connection open = DriverManager.getConnection(move.space.monolith().address().url(), "postgres", "postgres")) {
      assertEqual(move);
      open.setAutoCommit(false);
      open.createStatement().execute("insert into s.item values (6000, 'under way', 'x', 1)");
      long switching = move.space.intents().request("log_switch", Kind.SWITCH_WRITES, Map.of(), "test").orElseThrow();
      await().until(() -> move.events().contains("switch.preparing"));
      write(move.space.monolith(), 10);
      await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(5)).until(() -> move.slots().contains("banyan_log_switch_monolith"));
      open.commit();
      await().atMost(Duration.ofSeconds(30)).until(() -> move.space.intents().get(switching).state().isEnded());
      assertThat(move.space.intents().get(switching).state()).isEqualTo(State.DONE);
      assertThat(move.events()).doesNotContain("slot.given-up");
      assertThat(move.serviceRows("select u from s.item where id = 6000")).containsExactly("under way");
      assertEqual(move);
    }
  }

  @Test
  void finishesAGivingUpThatWasBrokenOffAndTakesTheReadsBack() throws Exception {
    try (Move move = inSync("log_broken_off", "8MB")) {
      move.stop();
      Extraction reading = move.space.control().routeReads(move.space.control().get("log_broken_off"), 20);
      move.space.control().record(reading, "slot.given-up", Map.of("reason", "Slot given up by a mover that was killed"));
      assertThat(move.slots()).hasSize(1);
      move.start();
      assertThat(awaitSaid(move, "Halted")).contains("Slot given up by a mover that was killed");
      assertThat(move.slots()).isEmpty();
      assertThat(move.space.control().get("log_broken_off").phase()).isEqualTo(Phase.IN_SYNC);
      assertThat(move.ask(Kind.CANCEL).state()).isEqualTo(State.DONE);
    }
  }
}
