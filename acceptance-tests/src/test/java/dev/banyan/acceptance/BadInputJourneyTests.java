package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.demo.stage.ChildProcess;
import dev.banyan.demo.stage.Server;
import dev.banyan.demo.stage.Stage;
import dev.banyan.demo.stage.Stage.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What cannot be done is refused with exit code 1, and a plan that cannot be used with 2; the message names the object
 * and the remedy, nothing has changed in either database, and {@code status} tells the truth.
 */
class BadInputJourneyTests {

  private static final int REFUSED = 1;
  private static final int WRONG = 2;
  private static final String ITEMS = "tables: [app.item]\n";

  private static Stage stage;
  /** A move that is in sync and not verified; no test changes it. */
  private static Move running;

  @BeforeAll
  static void setStage() throws Exception {
    stage = Stage.set();
    running = withItems("running").planned(ITEMS);
    running.startMoverAndAwait("In sync");
  }

  @AfterAll
  static void clearStage() {
    stage.close();
  }

  @Test
  void refusesAnUnknownKeyAndAnUnsetVariableAtOnceWithTheirLines() throws Exception {
    Move move = withItems("keys").planned("""
        tables:
          - { from: app.item, wehre: "id > 7" }
        limits: { max-lag: "${BANYAN_TEST_UNSET}", max-paws: 2s }
        """);
    Untouched untouched = new Untouched(move.module());
    for (String verb : List.of("run", "status")) {
      refuses(WRONG, move.ask(verb), move.plan() + ":7: unknown key 'tables.wehre'; known here: columns, from, to, where",
          move.plan() + ":8: unknown key 'limits.max-paws'; known here:", "max-pause",
          move.plan() + ":8: the environment variable BANYAN_TEST_UNSET is not set");
    }
    untouched.expect();
  }

  @Test
  void refusesUnknownTablesAndColumnsAtOnce() throws Exception {
    Move move = withItems("names").planned("""
        tables:
          - app.itme
          - { from: app.item, columns: { nmae: name } }
        """);
    String[] telling = {"table app.itme (monolith): not there, needed: there. Correct the name in " + move.plan() + ", line 7.",
        "table app.itme (service): not there", "column app.item.nmae: not there, needed: there. Correct the name in the plan, line 8."};
    refuses(REFUSED, move.ask("check"), telling);
    refusesRun(move, telling);
  }

  @Test
  void refusesATableWithoutKey() throws Exception {
    Move move = withItems("keyless").onMonolith("alter table app.item drop constraint item_pkey").planned(ITEMS);
    refusesRun(move, "app.item (monolith) logs a key that tells rows apart: none that is checked at once (replica identity d), needed: a primary key,",
        "alter table \"app\".\"item\" add primary key (…); or, slow where rows are updated or deleted: alter table \"app\".\"item\" replica identity full;");
  }

  @Test
  void refusesATargetThatIsNotEmpty() throws Exception {
    Move move = withItems("filled").onService("insert into app.item values (1, 'Whose?', null, 0)").planned(ITEMS);
    refusesRun(move, "table app.item (service) is empty: has rows, needed: no rows.", "truncate \"app\".\"item\"");
  }

  @Test
  void refusesARoleThatLacksPrivileges() throws Exception {
    stage.monolithServer().execute("postgres", "create role weak login password 'weak'");
    Move move = withItems("rights");
    String monolith = stage.monolithServer().url("rights");
    Files.writeString(move.plan(), Move.head("rights", monolith, stage.serviceServer().url("rights"), "weak") + ITEMS);
    refusesRun(move, "As a superuser: alter role \"weak\" replication;",
        "As a superuser: grant set on parameter session_replication_role to \"weak\";",
        "As a superuser: grant create on database \"rights\" to \"weak\";", "As a superuser: grant \"shop\" to \"weak\";");
  }

  @Test
  void refusesAServerThatDoesNotLogWhatAStreamNeeds() throws Exception {
    try (Server plain = Server.start(stage.folder(), "plain-db", "replica")) {
      plain.prepare("plain", Move.MONOLITH_ROLE);
      plain.execute("plain", ItemChanges.TABLE, "grant all on schema app to shop", "alter table app.item owner to shop");
      Move move = withItems("plain");
      Files.writeString(move.plan(), Move.head("plain", plain.url("plain"), stage.serviceServer().url("plain"), "banyan") + ITEMS);
      List<String> before = Catalogs.list(plain, "plain");
      refusesRun(move, "wal_level (monolith): replica, needed: logical. Set wal_level = logical in postgresql.conf and restart the server.");
      assertThat(Catalogs.list(plain, "plain")).isEqualTo(before);
    }
  }

  @Test
  void refusesADatabaseThatDoesNotAnswer() throws Exception {
    Move move = withItems("away");
    String nowhere = "jdbc:postgresql://127.0.0.1:%d/away".formatted(unusedPort());
    Files.writeString(move.plan(), Move.head("away", stage.monolithServer().url("away"), nowhere, "banyan") + ITEMS);
    Untouched untouched = new Untouched("away");
    String[] telling = {"database of the service: no connection as ", nowhere.substring("jdbc:postgresql://".length()),
        "Correct `service.database` in the plan, or start the server."};
    refuses(REFUSED, move.ask("run"), telling);
    refuses(REFUSED, move.ask("status"), telling);
    untouched.expect();
  }

  @Test
  void refusesAPlanThatIsRunningAlready() throws Exception {
    Untouched untouched = new Untouched(running.module());
    refuses(REFUSED, running.ask("run"), "The mover of module 'running' is running already; there can be one. Its lock is with process ",
        "Follow it with `banyan status");
    untouched.expect();
    JsonNode status = running.expectDone("status");
    assertThat(status.path("phase").asText()).isEqualTo("IN_SYNC");
    assertThat(status.path("mover").path("running").asBoolean()).isTrue();
    assertThat(status.path("tables").path(0).path("copied").asInt()).isEqualTo(10);
  }

  @Test
  void refusesToSwitchWhatWasNotVerified() throws Exception {
    Untouched untouched = new Untouched(running.module());
    refuses(REFUSED, running.ask("switch", "writes"), "Switch of writes of 'running' refused:",
        "certificate: none, needed: one not older than 24h. Run: banyan verify " + running.plan());
    untouched.expect();
    JsonNode status = running.expectDone("status");
    assertThat(status.path("owner").asText()).isEqualTo("monolith");
    assertThat(status.path("unmet").findValuesAsText("condition")).containsExactly("certificate");
    assertThat(status.path("next").path(0).asText()).isEqualTo("banyan verify " + running.plan());
  }

  @Test
  void refusesWhatHasBeenCompletedAlready() throws Exception {
    Move move = withItems("done").planned(ITEMS);
    ChildProcess mover = move.startMoverAndAwait("In sync");
    move.expectEqual();
    move.expectDone("switch", "writes");
    move.expectDone("complete", "--keep");
    assertThat(mover.awaitEnd(Duration.ofSeconds(20))).isZero();
    Untouched untouched = new Untouched(move.module());
    refuses(REFUSED, move.ask("complete"), "The move of module 'done' has ended: the phase is COMPLETED.");
    refuses(REFUSED, move.ask("run"), "Module 'done' has been completed; there is nothing left to run.");
    untouched.expect();
    JsonNode status = move.expectDone("status");
    assertThat(status.path("phase").asText()).isEqualTo("COMPLETED");
    assertThat(status.path("owner").asText()).isEqualTo("service");
    assertThat(status.path("next")).isEmpty();
  }

  private static Move withItems(String module) throws SQLException {
    return Move.of(stage, module).onMonolith(ItemChanges.TABLE, ItemChanges.fill(10)).onService(ItemChanges.TABLE);
  }

  /** Expects that a move is not begun, and that the status says so. */
  private static void refusesRun(Move move, String... telling) throws Exception {
    Untouched untouched = new Untouched(move.module());
    Answer run = move.ask("run");
    refuses(REFUSED, run, telling);
    refuses(REFUSED, run, "Module '%s' cannot be moved:".formatted(move.module()));
    untouched.expect();
    JsonNode status = move.expectDone("status");
    assertThat(status.path("phase").asText()).isEqualTo("NONE");
    assertThat(status.path("owner").asText()).isEqualTo("monolith");
  }

  private static void refuses(int exitCode, Answer answer, String... telling) {
    String message = String.join("\n", texts(answer.json()));
    assertThat(answer.exitCode()).as(message).isEqualTo(exitCode);
    assertThat(message).contains(telling);
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isTextual()) {
      texts.add(node.asText());
    }
    if (node.has("remedy")) {
      // As people read it; programs get the four parts.
      texts.add("%s: %s, needed: %s. %s".formatted(node.path("condition").asText(), node.path("measured").asText(),
          node.path("allowed").asText(), node.path("remedy").asText()));
    }
    node.forEach(child -> texts.addAll(texts(child)));
    return texts;
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** What both databases of a module hold, so that it can be told whether that has changed. */
  private static final class Untouched {

    private final String module;
    private final List<String> monolith;
    private final List<String> service;

    Untouched(String module) throws SQLException {
      this.module = module;
      this.monolith = Catalogs.list(stage.monolithServer(), module);
      this.service = Catalogs.list(stage.serviceServer(), module);
      assertThat(monolith).contains("relation app.item d", "app.item rows [10]");
    }

    void expect() throws SQLException {
      assertThat(Catalogs.list(stage.monolithServer(), module)).isEqualTo(monolith);
      assertThat(Catalogs.list(stage.serviceServer(), module)).isEqualTo(service);
    }
  }
}
