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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --dry-run} answers is what the verb would. */
class DryRunIntegrationTests {

  @TempDir
  private Path directory;

  private record Answer(int code, String text) {}

  private static Answer banyan(String... arguments) {
    StringWriter out = new StringWriter();
    var line = Banyan.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    return new Answer(line.execute(arguments), out.toString());
  }

  private static String yaml(DatabaseAddress address) {
    return "{ url: \"%s\", user: %s, password: %s }".formatted(address.url(), address.user(), address.password());
  }

  @Test
  void refusesWhatWouldBeRefusedAndTellsAllThatWouldBeTold() throws Exception {
    String plan = Files.writeString(directory.resolve("people.yml"), """
        module: dry_run
        monolith: { database: %s }
        service: { database: %s }
        tables: [s.t]
        """.formatted(yaml(TwoServers.monolith("dry_run")), yaml(TwoServers.service("dry_run")))).toString();
    try (Workspace space = new Workspace(PlanReader.read(Path.of(plan), Map.of()))) {
      for (var database : new Database[] {space.monolith(), space.service()}) {
        database.jdbi().useHandle(handle -> handle.createScript("create schema s; create table s.t (id int primary key)").execute());
      }
      Thread mover = new Thread(() -> move(space));
      mover.start();
      try {
        await().atMost(Duration.ofSeconds(60)).until(() -> space.control().isInstalled()
            && space.control().find("dry_run").filter(found -> found.phase() == Phase.IN_SYNC).isPresent());
        space.monolith().jdbi().useHandle(handle -> handle.execute("create view public.seen as select id from s.t"));

        Answer refused = banyan("switch", "writes", plan, "--dry-run");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.text()).contains("would be refused:", "  certificate", "Note: view public.seen");
        JsonNode json = new ObjectMapper().readTree(banyan("switch", "writes", plan, "--dry-run", "--json").text());
        assertThat(json.get("unmet")).isNotEmpty();
        assertThat(json.get("warnings").get(0).get("condition").asText()).isEqualTo("view public.seen");

        for (String verb : new String[] {"complete", "rollback"}) {
          Answer tooEarly = banyan(verb, plan, "--dry-run");
          assertThat(tooEarly.code()).as(verb).isEqualTo(1);
          assertThat(tooEarly.text()).as(verb).contains("the phase is IN_SYNC, needed: ");
        }
        assertThat(banyan("cancel", plan, "--dry-run").text()).startsWith("Would:").contains("Nothing was changed.");
        assertThat(banyan("cancel", plan).code()).isZero();
        for (String[] verb : new String[][] {{"cancel", plan, "--dry-run"}, {"switch", "reads", plan, "--percent", "10", "--dry-run"}}) {
          Answer tooLate = banyan(verb);
          assertThat(tooLate.code()).as(verb[0]).isEqualTo(1);
          assertThat(tooLate.text()).as(verb[0]).contains("the phase is CANCELLED, needed: ");
        }
      } finally {
        mover.interrupt();
        mover.join();
      }
    }
  }

  private static void move(Workspace space) {
    try {
      new Mover(space, sentence -> { }).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
