package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.move.Server;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.SidePlan;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service's tables lie on a file system that is full, a real one: the mover waits for room, and goes on by itself. */
class FullTargetIntegrationTests {

  private static final int MEGABYTES = 16;
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final String TABLE = "create schema s; create table s.item (id int primary key, v text)";
  private static final String ROWS = "insert into s.item select i, repeat(md5(i::text), 30) from generate_series(%d, %d) i";

  @TempDir
  Path folder;
  private EmbeddedPostgres target;

  @BeforeEach
  void startTarget() throws Exception {
    assumeTrue(Server.canMakeSmallDisk(), "No file system can be mounted in a name space of its own here (unshare -Urm): the target is not filled.");
    target = TwoServers.start();
    Server server = Server.at(target.getJdbcUrl("postgres", "postgres"));
    server.kill();
    server.startWithSmallDisk(Files.createDirectory(folder.resolve("small")), MEGABYTES);
  }

  @AfterEach
  void stopTarget() throws Exception {
    if (target != null) {
      target.close();
    }
  }

  private Move move(String module) {
    DatabaseAddress service = new DatabaseAddress("jdbc:postgresql://localhost:%d/postgres".formatted(target.getPort()), "postgres", "postgres");
    Move move = Move.of(new Plan("plan.yml", module, new SidePlan(Optional.empty(), TwoServers.monolith(module)),
        new SidePlan(Optional.empty(), service), List.of(Move.table("s.item")), List.of(), Limits.defaults()));
    onService(move, "create tablespace small location '%s'".formatted(folder.resolve("small")));
    return move.onBoth(TABLE).onService("alter table s.item set tablespace small; create table public.ballast (v text) tablespace small");
  }

  /** A statement that must not stand in a transaction. */
  private static void onService(Move move, String sql) {
    move.space.service().jdbi().useHandle(handle -> handle.execute(sql));
  }

  private static void leaveRoomFor(Move move, int kilobytes) {
    move.onService("insert into public.ballast select repeat(md5(i::text), 30) from generate_series(1, %d) i"
        .formatted(MEGABYTES * 1024 - kilobytes));
  }

  private static void awaitFull(Move move) {
    await("the target to be full; the mover said " + move.said).atMost(WITHIN).until(() -> {
      move.requireWell();
      return move.said.stream().anyMatch(said -> said.contains("No space left on device") && said.contains("until the server has room"));
    });
    await("status to say so").atMost(WITHIN).until(() -> move.space.progress().mover(move.space.module()).orElseThrow().state()
        .startsWith("interrupted: ERROR: could not extend file"));
  }

  @Test
  void goesOnWithACopyWhenThereIsRoom() throws Exception {
    try (Move move = move("full_copy")) {
      leaveRoomFor(move, 1024);
      move.onMonolith(ROWS.formatted(1, 4000)).start();
      awaitFull(move);
      move.onMonolith("update s.item set v = 'changed meanwhile' where id % 10 = 0; delete from s.item where id % 11 = 0");
      move.onService("drop table public.ballast");
      move.awaitPhase(Phase.IN_SYNC);
      move.assertSame("s.item", "id");
    }
  }

  @Test
  void goesOnWithTheStreamWhenThereIsRoom() throws Exception {
    try (Move move = move("full_stream")) {
      move.onMonolith(ROWS.formatted(1, 100)).start().awaitPhase(Phase.IN_SYNC);
      leaveRoomFor(move, 1024);
      move.onMonolith("begin; delete from s.item where id = 1; " + ROWS.formatted(1000, 5000) + "; commit");
      awaitFull(move);
      assertThat(move.serviceRows("select id::text from s.item where id = 1 or id >= 1000")).containsExactly("1");
      move.onMonolith("insert into s.item values (9999, 'meanwhile')");
      move.onService("drop table public.ballast");
      move.assertSame("s.item", "id");
    }
  }
}
