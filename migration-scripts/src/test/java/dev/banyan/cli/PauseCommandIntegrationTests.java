package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.control.Phase;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.mover.Mover;
import dev.banyan.move.mover.Workspace;
import dev.banyan.move.plan.PlanReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code pause}, {@code resume} and {@code status} answer. */
class PauseCommandIntegrationTests {

  @TempDir
  private Path directory;
  private String plan = "";

  private record Answer(int code, String text) {

    JsonNode json() throws Exception {
      return new ObjectMapper().readTree(text);
    }
  }

  private Answer banyan(String... arguments) {
    StringWriter out = new StringWriter();
    var line = Banyan.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    return new Answer(line.execute(arguments), out.toString());
  }

  private static String yaml(DatabaseAddress address) {
    return "{ url: \"%s\", user: %s, password: %s }".formatted(address.url(), address.user(), address.password());
  }

  private static Thread started(Workspace space) {
    Thread mover = new Thread(() -> {
      try {
        new Mover(space, sentence -> { }).run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    mover.start();
    return mover;
  }

  private static void awaitPhase(Workspace space, Phase phase) {
    await().atMost(Duration.ofSeconds(60)).until(() -> space.control().isInstalled()
        && space.control().find("pause_command").filter(found -> found.phase() == phase).isPresent());
  }

  @Test
  void pausesTheCopyAloneAndTellsSo() throws Exception {
    plan = Files.writeString(directory.resolve("people.yml"), """
        module: pause_command
        monolith: { database: %s }
        service: { database: %s }
        tables: [s.t]
        """.formatted(yaml(TwoServers.monolith("pause_command")), yaml(TwoServers.service("pause_command")))).toString();
    try (Workspace space = new Workspace(PlanReader.read(Path.of(plan), Map.of()))) {
      assertThat(banyan("pause", plan)).isEqualTo(new Answer(1,
          "No move of module 'pause_command' has begun. Begin it: banyan run " + plan + System.lineSeparator()));
      for (var database : new Database[] {space.monolith(), space.service()}) {
        database.jdbi().useHandle(handle -> handle.createScript("create schema s; create table s.t (id int primary key)").execute());
      }
      space.monolith().jdbi().useHandle(handle -> handle.execute("insert into s.t select generate_series(1, 100)"));
      // A transaction that has written keeps the copy from beginning.
      try (var open = space.monolith().connect()) {
        open.setAutoCommit(false);
        open.createStatement().execute("select pg_current_xact_id()");
        Thread mover = started(space);
        try {
          awaitPhase(space, Phase.COPYING);
          assertThat(banyan("pause", plan, "--dry-run").text()).contains("1. record that the copy is paused").contains("Nothing was changed");
          assertThat(space.pauses().find("pause_command")).isEqualTo(Optional.empty());

          JsonNode paused = banyan("pause", plan, "--json").json();
          assertThat(paused.get("paused").asBoolean()).isTrue();
          assertThat(paused.get("inForce").asBoolean()).isTrue();
          JsonNode status = banyan("status", plan, "--json").json();
          assertThat(status.get("paused").get("by").asText()).isEqualTo(Workspace.actor());
          assertThat(status.get("mover").get("state").asText()).startsWith("copy paused by ");
          assertThat(status.get("next").get(0).asText()).isEqualTo("banyan resume " + plan);
          assertThat(banyan("status", plan).text()).contains("copy paused by " + Workspace.actor());
          assertThat(banyan("pause", plan).text()).contains("was paused already");

          open.commit();
          assertThat(banyan("resume", plan, "--dry-run").text()).contains("2. copy the ranges that are left");
          assertThat(banyan("resume", plan).text()).isEqualTo("The copy of module 'pause_command' goes on." + System.lineSeparator());
          awaitPhase(space, Phase.IN_SYNC);
          assertThat(banyan("resume", plan).text()).contains("is not paused");
          assertThat(banyan("resume", plan, "--dry-run").text()).contains("is not paused").doesNotContain("copy the ranges");
          Answer refused = banyan("pause", plan);
          assertThat(refused.code()).isEqualTo(1);
          assertThat(refused.text()).contains("the phase is IN_SYNC and every row is copied").contains("The stream goes on");
          JsonNode log = banyan("status", plan, "--json").json().get("log");
          assertThat(log.get("slot").asText()).isEqualTo("banyan_pause_command_monolith");
          assertThat(log.get("level").asText()).isEqualTo("normal");
          assertThat(log.get("watched").asBoolean()).isTrue();
          assertThat(log.get("retained").asLong()).isPositive();
          assertThat(banyan("status", plan).text()).doesNotContain("retains");
        } finally {
          mover.interrupt();
          mover.join();
        }
        assertThat(banyan("status", plan).text()).contains("slot banyan_pause_command_monolith retains")
            .contains("nobody watches it but the server's own max_slot_wal_keep_size");
        Thread again = started(space);
        awaitPhase(space, Phase.IN_SYNC);
        await().until(() -> space.progress().mover("pause_command").orElseThrow().alive());
        Answer cancelled = banyan("cancel", plan);
        assertThat(cancelled.code()).as(cancelled.text()).isZero();
        again.join();
      }
    }
  }
}
