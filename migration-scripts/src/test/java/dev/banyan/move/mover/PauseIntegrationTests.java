package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Pauses.Pause;
import dev.banyan.control.Phase;
import dev.banyan.move.plan.ByteCount;
import dev.banyan.move.plan.Limits;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy that stands still, because somebody has paused it or because the monolith is loaded. */
class PauseIntegrationTests {

  private static final String ITEMS = "create schema s; create table s.item (id int primary key, u text unique, big text, n int default 0);";
  private static final String TEN_RANGES = """
      insert into s.item select i, 'u' || i, string_agg(md5(i::text || j), ''), 0
        from generate_series(1, 1000) i, generate_series(1, 100) j group by i;
      """;
  private static final String NOBODY_AT_WORK = """
      select state || ' ' || query from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and state like 'idle in%'""";
  private static final String TEMPORARY = "select slot_name from pg_replication_slots where temporary";

  private static Move move(String module, OptionalInt load) {
    Limits limits = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofHours(1),
        new ByteCount(1L << 40), Duration.ofMillis(100), 2, 1, 100, 2, load);
    return Move.of(module, limits, List.of(Move.table("s.item"))).onBoth(ITEMS).onMonolith(TEN_RANGES);
  }

  private static void pausedAfter(Move move, int copied) throws Exception {
    try (Holding holding = Holding.atRange(move, copied)) {
      move.start();
      holding.awaitReached();
      assertThat(move.space.pauses().begin(move.space.control().get(move.space.module()), "ann")).isTrue();
      awaitState(move, "copy paused by ann");
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> move.space.pauses().find(move.space.module()).filter(Pause::inForce).isPresent());
  }

  private static void resume(Move move) {
    assertThat(move.space.pauses().end(move.space.control().get(move.space.module()))).isTrue();
  }

  private static void awaitState(Move move, String beginning) {
    await(beginning).atMost(Duration.ofSeconds(20)).until(
        () -> move.space.progress().mover(move.space.module()).filter(mover -> mover.state().startsWith(beginning)).isPresent());
  }

  private static void assertEqual(Move move) {
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    String rows = "select (t.*)::text from s.item t order by 1";
    assertThat(move.serviceRows(rows)).isEqualTo(move.monolithRows(rows));
  }

  /** Of the rows that are copied, those that were there and are not written to. */
  private static List<String> seen(Move move) {
    return move.serviceRows("select string_agg(id || ':' || xmin, ' ' order by id) from s.item where id between 100 and 300");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 9})
  void streamsToWhatIsCopiedWhileItIsPausedAndGoesOnFromThere(int copied) throws Exception {
    try (Move move = move("paused_" + copied, OptionalInt.empty())) {
      pausedAfter(move, copied);
      move.onMonolith(ResumedCopyIntegrationTests.EVERY_KIND_OF_WRITE + "update s.item set n = 77 where id in (50, 950)");
      await().untilAsserted(() -> assertThat(move.serviceRows("select n::text from s.item where id = 50")).containsExactly("77"));
      assertThat(move.serviceRows("select n::text from s.item where id = 950")).isEmpty();
      assertThat(move.monolithRows(NOBODY_AT_WORK)).isEmpty();
      assertThat(move.monolithRows(TEMPORARY)).isEmpty();
      move.onMonolith("update s.item set n = n + 1 where id % 7 = 0 and id not between 100 and 300");
      resume(move);
      move.awaitPhase(Phase.IN_SYNC);
      assertEqual(move);
      assertThat(move.said).noneMatch(said -> said.contains("anew"));
      assertThat(move.space.pauses().find("paused_" + copied)).isEmpty();
    }
  }

  @Test
  void staysPausedOverARestartAndKeepsWhatIsCopied() throws Exception {
    try (Move move = move("paused_restart", OptionalInt.empty())) {
      pausedAfter(move, 5);
      List<String> before = seen(move);
      move.onMonolith("update s.item set n = 1 where id in (2, 998)");
      move.stop();
      move.onMonolith("update s.item set n = n + 1 where id in (2, 998); delete from s.item where id in (3, 997)");
      move.start();
      awaitState(move, "copy paused by ann");
      await().untilAsserted(() -> assertThat(move.serviceRows("select n::text from s.item where id = 2")).containsExactly("2"));
      assertThat(move.serviceRows("select max(id)::text from s.item")).containsExactly("500");
      move.onMonolith("truncate s.item; insert into s.item select i, 'again' || i, 'x', 0 from generate_series(100, 1200) i");
      await().untilAsserted(() -> assertThat(move.serviceRows("select count(*)::text from s.item")).containsExactly("1101"));
      resume(move);
      move.awaitPhase(Phase.IN_SYNC);
      assertThat(before).isNotEmpty();
      assertEqual(move);
    }
  }

  @Test
  void keepsFinishedRangesOverPauseAndRestart() throws Exception {
    try (Move move = move("paused_kept", OptionalInt.empty())) {
      pausedAfter(move, 4);
      List<String> before = seen(move);
      move.stop().start();
      awaitState(move, "copy paused by ann");
      resume(move);
      move.awaitPhase(Phase.IN_SYNC);
      assertThat(seen(move)).isEqualTo(before);
      assertEqual(move);
    }
  }

  @Test
  void canBeCancelledWhileItIsPaused() throws Exception {
    try (Move move = move("paused_cancel", OptionalInt.empty())) {
      pausedAfter(move, 4);
      assertThat(move.ask(Kind.CANCEL).state()).isEqualTo(State.DONE);
      assertThat(move.serviceRows("select count(*)::text from s.item")).containsExactly("0");
      assertThat(move.monolithRows("select slot_name from pg_replication_slots where slot_name like 'banyan_paused_cancel%'")).isEmpty();
      assertThat(move.space.pauses().find("paused_cancel")).isEmpty();
      move.stop();
      move.start().awaitPhase(Phase.IN_SYNC);
      assertEqual(move);
    }
  }

  @Test
  void waitsWhileTheMonolithIsLoadedAndGoesOnAfterwards() throws Exception {
    List<Thread> sleeping = new ArrayList<>();
    List<Connection> sleepers = new ArrayList<>();
    try (Move move = move("loaded", OptionalInt.of(2))) {
      for (int i = 0; i < 4; i++) {
        Connection connection = java.sql.DriverManager.getConnection(move.space.monolith().address().url(), "postgres", "postgres");
        sleepers.add(connection);
        Thread thread = new Thread(() -> sleep(connection));
        sleeping.add(thread);
        thread.start();
      }
      await().until(() -> move.monolithRows("select pid::text from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'").size() == 4);
      move.start();
      await().until(() -> move.said.stream().anyMatch(said -> said.startsWith("Copy waits: 4 active sessions on the monolith, limits.max-load 2")));
      awaitState(move, "copy waits: 4 active sessions on the monolith, limits.max-load 2");
      assertThat(move.serviceRows("select count(*)::text from s.item")).containsExactly("0");
      for (Connection connection : sleepers) {
        connection.abort(Runnable::run);
      }
      move.onMonolith("select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%' and pid <> pg_backend_pid()");
      move.awaitPhase(Phase.IN_SYNC);
      assertThat(move.said).anyMatch(said -> said.startsWith("Copy goes on: "));
      assertEqual(move);
    } finally {
      for (Thread thread : sleeping) {
        thread.join();
      }
    }
  }

  private static void sleep(Connection connection) {
    try (connection; var statement = connection.createStatement()) {
      statement.execute("select pg_sleep(120)");
    } catch (java.sql.SQLException e) {
      assertThat(e.getSQLState()).isNotNull();
    }
  }
}
