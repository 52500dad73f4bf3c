package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import dev.banyan.move.Relay;
import dev.banyan.move.Server;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.SidePlan;
import dev.banyan.move.plan.TestLimits;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source is failed over to a standby that lacks the slot, as standbys do unless somebody sees to it. */
class FailoverIntegrationTests {

  private static final Limits SMALL_RANGES = TestLimits.of("200ms", 3, 2, 100);

  @TempDir
  Path folder;

  @Test
  void haltsAndKeepsWhatItHasWhereTheNewServerLacksItsSlot() throws Exception {
    try (EmbeddedPostgres first = TwoServers.start(); Relay relay = Relay.to(first.getPort())) {
      Server primary = Server.at(first.getJdbcUrl("postgres", "postgres"));
      int port = freePort();
      Server standby = primary.standby(folder.resolve("standby"), port);
      try (Move move = move(relay)) {
        move.onBoth("create schema s; create table s.item (id int primary key, v text)")
            .onMonolith("insert into s.item select i, 'v' || i from generate_series(1, 500) i").start().awaitPhase(Phase.IN_SYNC);
        assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
        List<String> before = move.serviceRows("select row(t.*)::text from s.item t order by id");
        await("the standby to have followed").until(() -> isCaughtUp(move));

        failOver(primary, standby, relay, port);
        write(move);
        await("a halt").atMost(Duration.ofSeconds(60)).until(() -> move.said.stream().anyMatch(said -> said.startsWith("Halted")));
        assertThat(move.said.toString()).contains("The slot banyan_failed_over_monolith", "is gone");
        assertThat(move.serviceRows("select row(t.*)::text from s.item t order by id")).isEqualTo(before);
        assertThat(move.ask(Kind.CANCEL).state()).isEqualTo(State.DONE);
        assertThat(move.monolithRows("select v from s.item where id = 1000")).containsExactly("written after the failover");
      } finally {
        standby.kill();
      }
    }
  }

  @Test
  void copiesAnewWhereTheNewServerLacksItsSlotInTheMiddleOfACopy() throws Exception {
    try (EmbeddedPostgres first = TwoServers.start(); Relay relay = Relay.to(first.getPort())) {
      Server primary = Server.at(first.getJdbcUrl("postgres", "postgres"));
      int port = freePort();
      Server standby = primary.standby(folder.resolve("standby"), port);
      try (Move move = move(relay)) {
        move.onBoth("create schema s; create table s.item (id int primary key, v text)")
            .onMonolith("insert into s.item select i, 'v' || i from generate_series(1, 500) i");
        try (Holding holding = Holding.atRange(move, 1)) {
          move.start();
          holding.awaitReached();
          await("the standby to have followed").until(() -> isCaughtUp(move));
          failOver(primary, standby, relay, port);
          write(move);
        }
        move.awaitPhase(Phase.IN_SYNC);
        assertThat(move.said).anyMatch(said -> said.startsWith("The copy has to begin anew: the slot"));
        assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
        String rows = "select row(t.*)::text from s.item t order by id";
        assertThat(move.serviceRows(rows)).isEqualTo(move.monolithRows(rows)).hasSize(501);
      } finally {
        standby.kill();
      }
    }
  }

  private static void failOver(Server primary, Server standby, Relay relay, int port) {
    primary.kill();
    standby.promote();
    relay.leadTo(port);
  }

  private static void write(Move move) {
    await("the new server").atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
      move.onMonolith("insert into s.item values (1000, 'written after the failover')");
      return true;
    });
  }

  private static Move move(Relay relay) {
    DatabaseAddress monolith = new DatabaseAddress("jdbc:postgresql://localhost:%d/postgres".formatted(relay.port()), "postgres", "postgres");
    return Move.of(new Plan("plan.yml", "failed_over", new SidePlan(Optional.empty(), monolith),
        new SidePlan(Optional.empty(), TwoServers.service("failed_over")), List.of(Move.table("s.item")), List.of(), SMALL_RANGES));
  }

  private static boolean isCaughtUp(Move move) {
    return !move.monolithRows("select pid::text from pg_stat_replication where application_name = 'walreceiver'"
        + " and replay_lsn >= (select max(sent_lsn) from pg_stat_replication where application_name = 'walreceiver')").isEmpty();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
