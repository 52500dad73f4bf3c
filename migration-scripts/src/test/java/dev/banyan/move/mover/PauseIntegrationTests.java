package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Pauses.Pause;
import dev.banyan.control.Phase;
import dev.banyan.move.plan.Limit;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TestLimits;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private static Move move(String module, String load) {
    Limits limits = TestLimits.of(Map.of(Limit.FENCE_TIMEOUT, "100ms", Limit.FENCE_ATTEMPTS, "2", Limit.COPY_JOBS, "1",
        Limit.RANGE_ROWS, "100", Limit.MAX_LOAD, load));
    return Move.of(module, limits, List.of(Move.table("s.item"))).onBoth(ITEMS).onMonolith(TEN_RANGES);
  }

  /** The range that is held at its end is ended, so one more is copied. */
  private static void pausedAfter(Move move, int copied) throws Exception {
    try (Holding holding = Holding.atRange(move, copied - 1)) {
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
        () -> move.space.control().isInstalled() && move.space.progress().mover(move.space.module()).filter(mover -> mover.state().startsWith(beginning)).isPresent());
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
  @ValueSource(ints = {1, 8})
  void streamsToWhatIsCopiedWhileItIsPausedAndGoesOnFromThere(int copied) throws Exception {
    try (Move move = move("paused_" + copied, "unlimited")) {
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
    try (Move move = move("paused_restart", "unlimited")) {
      pausedAfter(move, 6);
      List<String> before = seen(move);
      move.onMonolith("update s.item set n = 1 where id in (2, 998)");
      move.stop();
      move.onMonolith("update s.item set n = n + 1 where id in (2, 998); delete from s.item where id in (3, 997)");
      move.start();
      awaitState(move, "copy paused by ann");
      await().untilAsserted(() -> assertThat(move.serviceRows("select n::text from s.item where id = 2")).containsExactly("2"));
      assertThat(move.serviceRows("select max(id)::text from s.item")).containsExactly("600");
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
    try (Move move = move("paused_kept", "unlimited")) {
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
    try (Move move = move("paused_cancel", "unlimited")) {
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
    try (Move move = move("loaded", "2"); Sleepers sleepers = new Sleepers(move, 4)) {
      move.start();
      awaitState(move, "copy waits: 4 active sessions on the monolith, limits.max-load 2");
      assertThat(move.said).anyMatch(said -> said.startsWith("Copy waits: 4 active sessions"));
      assertThat(move.serviceRows("select count(*)::text from s.item")).containsExactly("0");
      sleepers.close();
      move.awaitPhase(Phase.IN_SYNC);
      assertThat(move.said).anyMatch(said -> said.startsWith("Copy goes on: "));
      assertEqual(move);
    }
  }

  private static final String HOLD_A_ROW = """
      create function public.hold(id int) returns boolean language plpgsql as $$
      begin if id = 15000 then perform pg_advisory_xact_lock(77); end if; return true; end $$;
      alter table s.item add check (public.hold(id));
      """;
  private static final String READING = """
      select wait_event from pg_stat_activity where datname = current_database() and query like 'copy (%' and state = 'active'""";

  @Test
  void readsNothingMoreInTheMiddleOfARange() throws Exception {
    Limits limits = TestLimits.of(Map.of(Limit.FENCE_TIMEOUT, "100ms", Limit.FENCE_ATTEMPTS, "2", Limit.COPY_JOBS, "1",
        Limit.RANGE_ROWS, "1000000", Limit.MAX_LOAD, "2"));
    try (Move move = Move.of("loaded_range", limits, List.of(Move.table("s.item"))).onBoth(ITEMS);
        Connection holder = move.space.service().connect()) {
      move.space.service().jdbi().useHandle(handle -> handle.execute(HOLD_A_ROW));
      move.onMonolith("insert into s.item select i, i::text, repeat('x', 300), 0 from generate_series(1, 60000) i");
      holder.createStatement().execute("select pg_advisory_lock(77)");
      move.start();
      await().atMost(Duration.ofSeconds(20)).failFast(() -> move.failure != null).until(() -> !move.serviceRows("select 1::text from pg_locks where locktype = 'advisory' and not granted").isEmpty());
      try (Sleepers sleepers = new Sleepers(move, 4)) {
        awaitState(move, "copy waits");
        holder.createStatement().execute("select pg_advisory_unlock(77)");
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20))
            .until(() -> move.monolithRows(READING).equals(List.of("ClientWrite")));
      }
      move.awaitPhase(Phase.IN_SYNC);
      assertEqual(move);
    }
  }

  /** Sessions of others that are at work on the monolith's server. */
  private static final class Sleepers implements AutoCloseable {

    private final Move move;
    private final List<Thread> threads = new ArrayList<>();

    Sleepers(Move move, int sessions) {
      this.move = move;
      for (int i = 0; i < sessions; i++) {
        Thread thread = new Thread(this::sleep);
        threads.add(thread);
        thread.start();
      }
      await().until(() -> asleep("pid::text").size() == sessions);
    }

    private void sleep() {
      var address = move.space.monolith().address();
      try (Connection connection = DriverManager.getConnection(address.url(), address.user(), address.password());
          var statement = connection.createStatement()) {
        statement.execute("select pg_sleep(120)");
      } catch (SQLException e) {
        assertThat(e.getSQLState()).isEqualTo("57P01");
      }
    }

    private List<String> asleep(String what) {
      return move.monolithRows("select " + what + " from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'");
    }

    @Override
    public void close() throws InterruptedException {
      asleep("pg_terminate_backend(pid)::text");
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }
}
