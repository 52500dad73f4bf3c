package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TestLimits;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One connection of several is cut while the others go on: the mover goes on by itself, without a row twice or none. */
class OneConnectionIntegrationTests {

  /** Two workers and small ranges, so that one is at work while the other loses its connection. */
  private static final Limits TWO_WORKERS = TestLimits.of("200ms", 3, 2, 100);
  private static final String TABLE = "create schema s; create table s.item (id int primary key, v text)";
  private static final String ROWS = "insert into s.item select i, 'v' || i from generate_series(1, 1000) i";
  /** Both workers are held: of either, one connection has read a range, and one is about to commit it. */
  private static final String COPYING = """
      select pid from pg_stat_activity where datname = current_database() and application_name like 'banyan:%'
        and (state = 'idle in transaction' and query like 'copy (%' or wait_event_type = 'Lock') order by pid""";
  /** Those of a stream, the pool's aside: what reads, what writes, what holds the lock. */
  private static final String STREAMING = """
      select pid from pg_stat_activity where datname = current_database()
        and (application_name like 'banyan:%' or backend_type = 'walsender') order by pid""";

  private static List<Integer> backends(Database side, String query) {
    return side.jdbi().withHandle(handle -> handle.createQuery(query).mapTo(Integer.class).list());
  }

  private static boolean isCut(Database side, int backend) {
    return side.jdbi().withHandle(handle ->
        handle.createQuery("select pg_terminate_backend(?, 5000)").bind(0, backend).mapTo(Boolean.class).one());
  }

  @ParameterizedTest
  @EnumSource(Owner.class)
  void goesOnWhereOneOfTwoCopyingConnectionsIsCut(Owner side) throws Exception {
    try (Move move = Move.of("one_cut_" + side.name().toLowerCase(Locale.ROOT), TWO_WORKERS, List.of(Move.table("s.item")))) {
      move.onBoth(TABLE).onMonolith(ROWS);
      Database database = side == Owner.MONOLITH ? move.space.monolith() : move.space.service();
      try (Holding holding = Holding.atRange(move, 4)) {
        move.start();
        holding.awaitReached();
        await("both workers").atMost(Duration.ofSeconds(20)).until(() -> backends(database, COPYING).size() == 2);
        assertThat(isCut(database, backends(database, COPYING).get(0))).isTrue();
        assertThat(backends(database, COPYING)).as("the other one is there").hasSize(1);
        move.onMonolith("update s.item set v = 'changed meanwhile' where id % 10 = 0; delete from s.item where id % 11 = 0");
      }
      move.awaitPhase(Phase.IN_SYNC);
      assertThat(move.said).anyMatch(said -> said.startsWith("Interrupted"));
      move.assertSame("s.item", "id");
    }
  }

  @ParameterizedTest
  @EnumSource(Owner.class)
  void goesOnWhicheverConnectionOfTheStreamIsCut(Owner side) throws Exception {
    try (Move move = Move.of("each_cut_" + side.name().toLowerCase(Locale.ROOT), TWO_WORKERS, List.of(Move.table("s.item")))) {
      move.onBoth(TABLE).onMonolith(ROWS).start().awaitPhase(Phase.IN_SYNC);
      Database database = side == Owner.MONOLITH ? move.space.monolith() : move.space.service();
      int connections = backends(database, STREAMING).size();
      assertThat(connections).isGreaterThan(1);
      for (int cut = 0; cut < connections; cut++) {
        String row = "values (%d, 'before'), (%d, 'cut')".formatted(2000 + cut, 3000 + cut);
        move.onMonolith("insert into s.item " + row);
        int next = cut;
        await("all of them").atMost(Duration.ofSeconds(30)).until(() -> {
          List<Integer> all = backends(database, STREAMING);
          return all.size() >= connections && isCut(database, all.get(next));
        });
        move.onMonolith("update s.item set v = 'after' where id = " + (2000 + cut));
        String written = "select v from s.item where id = " + (2000 + cut);
        await("what is written around cut " + cut).atMost(Duration.ofSeconds(30)).until(() -> {
          move.requireWell();
          return move.serviceRows(written).equals(List.of("after"));
        });
      }
      move.assertSame("s.item", "id");
    }
  }

  @ParameterizedTest
  @EnumSource(Owner.class)
  void goesOnWhicheverConnectionOfTheStreamCarriesNothingAnyMore(Owner side) throws Exception {
    try (Move move = Move.relayed("each_lost_" + side.name().toLowerCase(Locale.ROOT), TWO_WORKERS, List.of(Move.table("s.item")))) {
      // The server ends a reader that it hears nothing of; a minute, where nobody has said otherwise.
      move.onMonolith("alter database %s set wal_sender_timeout = '5s'".formatted(move.space.module()));
      move.onBoth(TABLE).onMonolith(ROWS).start().awaitPhase(Phase.IN_SYNC);
      Database database = side == Owner.MONOLITH ? move.space.monolith() : move.space.service();
      int connections = backends(database, STREAMING).size();
      for (int lost = 0; lost < connections; lost++) {
        int next = lost;
        long epoch = move.space.control().get(move.space.module()).epoch();
        move.onMonolith("insert into s.item values (%d, 'before')".formatted(2000 + next));
        int backend = lose(move, side, next, connections);
        move.onMonolith("update s.item set v = 'after' where id = " + (2000 + next));
        String written = "select v from s.item where id = " + (2000 + next);
        await("what is written around loss " + next).atMost(Duration.ofSeconds(120)).untilAsserted(() -> {
          move.requireWell();
          assertThat(move.serviceRows(written)).as("the mover said %s", move.said).containsExactly("after");
        });
        await("what the server keeps of it to be ended").atMost(Duration.ofSeconds(120)).untilAsserted(() ->
            assertThat(activity(database, backend)).as("loss %d; the mover said %s", next, move.said).isEmpty());
        awaitTakenOver(move, epoch, 4000 + next);
      }
      move.assertSame("s.item", "id");
    }
  }

  /** A connection of the take-over itself may be lost while it is closed, which is nobody's loss: the stream goes on before the next. */
  private static void awaitTakenOver(Move move, long formerEpoch, int row) {
    await("another session").atMost(Duration.ofSeconds(60)).until(() ->
        move.space.control().get(move.space.module()).epoch() > formerEpoch);
    move.onMonolith("insert into s.item values (%d, 'taken over')".formatted(row));
    await("its stream").atMost(Duration.ofSeconds(60)).until(() ->
        move.serviceRows("select v from s.item where id = " + row).equals(List.of("taken over")));
  }

  /** Loses one of so many, by its place among them, and returns the server's process for it. */
  private static int lose(Move move, Owner side, int which, int connections) {
    Database database = side == Owner.MONOLITH ? move.space.monolith() : move.space.service();
    return await("all of them").atMost(Duration.ofSeconds(30)).until(() -> {
      List<Integer> all = backends(database, STREAMING);
      Optional<Integer> port = all.size() == connections ? clientPort(database, all.get(which)) : Optional.empty();
      port.ifPresent(move.relay(side)::lose);
      return port.map(lost -> all.get(which));
    }, Optional::isPresent).orElseThrow();
  }

  /** Returns what a process of the server is and does, if it is there. */
  private static List<Map<String, Object>> activity(Database side, int backend) {
    return side.jdbi().withHandle(handle -> handle.createQuery("""
        select backend_type, application_name, backend_start, state, state_change, wait_event, query from pg_stat_activity where pid = ?""")
        .bind(0, backend).mapToMap().list());
  }

  private static Optional<Integer> clientPort(Database side, int backend) {
    return side.jdbi().withHandle(handle ->
        handle.createQuery("select client_port from pg_stat_activity where pid = ?").bind(0, backend).mapTo(Integer.class).findOne());
  }
}
