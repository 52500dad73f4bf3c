package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.demo.report.Leftovers;
import dev.banyan.demo.stage.ChildProcess;
import dev.banyan.demo.stage.Server;
import dev.banyan.demo.stage.Stage;
import dev.banyan.demo.stage.Stage.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A move of its own on a stage: a database on each of the two servers, and a plan without routes between them. */
final class Move {

  static final String MONOLITH_ROLE = "shop";
  static final String SERVICE_ROLE = "users";
  private static final Duration IN_SYNC_WITHIN = Duration.ofSeconds(90);

  private final Stage stage;
  private final String module;

  private Move(Stage stage, String module) {
    this.stage = stage;
    this.module = module;
  }

  /** Creates the two databases, named after the module. */
  static Move of(Stage stage, String module) throws SQLException {
    create(stage.monolithServer(), module, MONOLITH_ROLE);
    create(stage.serviceServer(), module, SERVICE_ROLE);
    return new Move(stage, module);
  }

  private static void create(Server server, String database, String owner) throws SQLException {
    server.execute("postgres", "create database %s owner %s".formatted(database, owner),
        "grant create on database %s to banyan".formatted(database));
  }

  String module() {
    return module;
  }

  /** Returns the file of the plan, which may not be written yet. */
  Path plan() {
    return stage.folder().resolve(module + ".yml");
  }

  /** Writes the plan; {@code rest} is what follows the two sides. */
  Move planned(String rest) throws IOException {
    Files.writeString(plan(), head() + rest);
    return this;
  }

  /** Returns the plan's beginning: the module and its two sides. */
  String head() {
    return head(module, stage.monolithServer().url(module), stage.serviceServer().url(module), "banyan");
  }

  static String head(String module, String monolith, String service, String user) {
    return """
        module: %s
        monolith:
          database: { url: "%s", user: %s, password: %s }
        service:
          database: { url: "%s", user: banyan, password: banyan }
        """.formatted(module, monolith, user, user, service);
  }

  /** Runs statements on the monolith's side as the role that owns the tables there. */
  Move onMonolith(String... statements) throws SQLException {
    return run(monolith(), statements);
  }

  /** Runs statements on the service's side as the role that owns the tables there. */
  Move onService(String... statements) throws SQLException {
    return run(service(), statements);
  }

  private Move run(Connection opened, String... statements) throws SQLException {
    try (Connection connection = opened; var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return this;
  }

  /** Connects to the monolith's side as an ordinary role, the owner of the tables. */
  Connection monolith() throws SQLException {
    return DriverManager.getConnection(stage.monolithServer().url(module), MONOLITH_ROLE, MONOLITH_ROLE);
  }

  /** Connects to the service's side as an ordinary role, the owner of the tables. */
  Connection service() throws SQLException {
    return DriverManager.getConnection(stage.serviceServer().url(module), SERVICE_ROLE, SERVICE_ROLE);
  }

  /** Starts the mover. */
  ChildProcess startMover() throws IOException {
    return stage.startMover(plan());
  }

  /** Starts the mover and waits until it has said something. */
  ChildProcess startMoverAndAwait(String line) throws IOException, InterruptedException {
    ChildProcess mover = startMover();
    mover.awaitLine(said -> said.contains(line), IN_SYNC_WITHIN);
    return mover;
  }

  /** Runs a verb of this plan and expects it done; returns its answer. */
  JsonNode expectDone(String... verb) throws IOException, InterruptedException {
    Answer answer = ask(verb);
    assertThat(answer.exitCode()).as("`banyan %s` answered %s", String.join(" ", verb), answer.json()).isZero();
    return answer.json();
  }

  /** Runs a verb of this plan; returns its exit code and its answer. */
  Answer ask(String... verb) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(verb));
    arguments.add(plan().toString());
    return stage.verb(arguments.toArray(String[]::new));
  }

  /** Verifies, and expects every row to be equal. */
  void expectEqual() throws IOException, InterruptedException {
    assertThat(expectDone("verify").path("equal").asBoolean()).isTrue();
  }

  /** Returns the phase that is recorded. */
  String phase() throws SQLException {
    return monolithText("select phase from banyan.extraction");
  }

  /** Reads one text on the monolith's side, as superuser. */
  String monolithText(String query) throws SQLException {
    return text(stage.monolithServer(), query);
  }

  /** Reads one text on the service's side, as superuser. */
  String serviceText(String query) throws SQLException {
    return text(stage.serviceServer(), query);
  }

  private String text(Server server, String query) throws SQLException {
    try (Connection connection = server.connect(module); var statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      return row.next() ? String.valueOf(row.getString(1)) : "(no row)";
    }
  }

  /** Expects that the ended move has left nothing in either database. */
  void expectNothingLeft(String... but) throws SQLException {
    assertThat(Leftovers.find(stage.monolithServer(), module, stage.serviceServer(), module)).containsExactlyInAnyOrder(but);
  }
}
