package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class DriftCommandTests {

  private static final String LIST = "GET /api/v1/copies";
  private static final String COMPARE = "POST /api/v1/copies/orders.customerName/compare";
  private static final String HEAL = "POST /api/v1/copies/orders.customerName/heal";

  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Stub monolith = new Stub();
  private final Stub service = new Stub();

  DriftCommandTests() throws IOException {}

  /** An application that answers as it is told, and remembers what it was asked. */
  private static final class Stub {

    private record Answer(int status, String body) {}

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    Stub() throws IOException {
      server.createContext("/", this::answer);
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        asked.add(line);
        Answer answer = answers.getOrDefault(line, new Answer(404, "{}"));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
      }
    }

    void willAnswer(String line, int status, String body) {
      answers.put(line, new Answer(status, body));
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }
  }

  @BeforeEach
  void declareNothingAtTheService() {
    service.willAnswer(LIST, 200, "[]");
  }

  @AfterEach
  void close() {
    monolith.server.stop(0);
    service.server.stop(0);
  }

  @Test
  void isContentWhereCopiesAreEqual() throws IOException {
    monolith.willAnswer(LIST, 200, "[" + copy(0, 0, "[]", Duration.ofSeconds(90)) + "]");
    assertThat(drift()).isZero();
    assertThat(out.toString()).contains("EQUAL    orders.customerName, a copy of users.name, kept by the monolith: 0 values differ, allowed for 1h; "
        + "its events are 100ms behind; compared 1m3").doesNotContain("Next:");
    assertThat(monolith.asked).containsExactly(LIST);
    assertThat(service.asked).containsExactly(LIST);
  }

  @Test
  void isContentWhereCopiesAreBehindForNoLongerThanAllowed() throws IOException {
    monolith.willAnswer(LIST, 200, "[" + copy(3, 3600, "[\"2\"]", Duration.ofSeconds(90)) + "]");
    assertThat(drift()).isZero();
    assertThat(out.toString()).startsWith("BEHIND").contains("3 value(s) differ, for up to 1h, such as 2, allowed for 1h;");
  }

  @Test
  void refusesWhereAValueDiffersForLongerThanAllowed() throws IOException {
    monolith.willAnswer(LIST, 200, "[" + copy(1, 3601, "[\"2\"]", Duration.ofSeconds(90)) + "]");
    assertThat(drift()).isEqualTo(1);
    assertThat(out.toString()).startsWith("STALE").contains("Next: banyan drift " + folder.resolve("users.yml") + " --heal");
  }

  /** A monitor that cannot reach the owner finds no differences either. */
  @Test
  void refusesWhereNobodyHasComparedForLongerThanAllowed() throws IOException {
    monolith.willAnswer(LIST, 200, "[" + copy(0, 0, "[]", Duration.ofMinutes(61)) + "]");
    assertThat(drift()).isEqualTo(1);
    assertThat(out.toString()).startsWith("UNKNOWN").contains("compared 1h1m").contains(" --compare");

    monolith.willAnswer(LIST, 200, """
        [{"name": "orders.customerName", "owner": "users.name", "lagMillis": null, "stale": 0, "oldestSeconds": 0, "allowedSeconds": 3600, "comparedAt": null}]""");
    assertThat(drift()).isEqualTo(1);
    assertThat(out.toString()).contains("how far its events are behind is not known yet; never compared.");
  }

  @Test
  void hasThemComparedWhenAsked() throws IOException {
    monolith.willAnswer(LIST, 200, "[" + copy(0, 0, "[]", Duration.ofMinutes(61)) + "]");
    monolith.willAnswer(COMPARE, 200, copy(1, 0, "[\"2\"]", Duration.ZERO));
    assertThat(drift("--compare")).isZero();
    assertThat(out.toString()).startsWith("BEHIND").contains("1 value(s) differ, for up to 0s, such as 2");
    assertThat(monolith.asked).containsExactly(LIST, COMPARE);
  }

  @Test
  void hasThemHealed() throws IOException {
    monolith.willAnswer(LIST, 200, "[" + copy(2, 7200, "[\"2\", \"3\"]", Duration.ofSeconds(90)) + "]");
    monolith.willAnswer(HEAL, 200, copy(0, 0, "[]", Duration.ZERO));
    assertThat(drift("--heal", "--dry-run")).isEqualTo(1);
    assertThat(out.toString()).contains("2 value(s) differ, would be taken from their owner, for up to 2h");
    assertThat(monolith.asked).containsExactly(LIST);

    assertThat(drift("--heal")).isZero();
    assertThat(out.toString()).contains("0 values differ, 2 before, allowed for 1h");
    assertThat(monolith.asked).containsExactly(LIST, LIST, HEAL);
  }

  @Test
  void tellsWhatKeptACopyFromBeingHealed() throws IOException {
    monolith.willAnswer(LIST, 200, "[" + copy(2, 7200, "[]", Duration.ofSeconds(90)) + "]");
    monolith.willAnswer(HEAL, 503, "{\"detail\": \"The service of module 'users' does not answer.\"}");
    assertThat(drift("--heal")).isEqualTo(1);
    assertThat(out.toString()).startsWith("STALE").contains("2 value(s) differ, for up to 2h, no keys told")
        .contains("The monolith answers POST " + monolith.url() + "/api/v1/copies/orders.customerName/heal with 503: The service of module 'users' does not answer.");
  }

  @Test
  void asksAlsoTheOtherWhereOneDoesNotAnswer() throws IOException {
    monolith.server.stop(0);
    service.willAnswer(LIST, 200, "[" + copy(0, 0, "[]", Duration.ZERO).replace("orders.", "users.") + "]");
    assertThat(drift()).isEqualTo(1);
    assertThat(out.toString()).startsWith("EQUAL    users.customerName").contains("kept by the service")
        .contains("The monolith does not answer GET " + monolith.url() + "/api/v1/copies: ").contains("Start it, or correct its url in the plan.");
  }

  @Test
  void tellsWhoOffersNothingAndWhoWantsToKnowWhoAsks() throws IOException {
    monolith.willAnswer(LIST, 404, "");
    service.willAnswer(LIST, 403, "");
    assertThat(drift()).isEqualTo(1);
    assertThat(out.toString()).contains("The monolith offers no GET ").contains("What it has to offer stands in docs/drift.md.")
        .contains("The service wants to know who asks GET ").contains("Set BANYAN_COPIES_AUTHORIZATION");
  }

  @Test
  void doesNotTakeNonsenseForGoodNews() throws IOException {
    for (String nonsense : List.of("", "<html>", "{}", "[{}]", "[" + copy(0, 0, "[]", Duration.ZERO).replace("\"stale\": 0,", "") + "]",
        "[" + copy(0, 0, "[]", Duration.ZERO).replace("\"stale\": 0", "\"stale\": -1") + "]",
        "[" + copy(0, 0, "[]", Duration.ZERO).replaceAll("\"comparedAt\": \"[^\"]*\"", "\"comparedAt\": \"today\"") + "]")) {
      monolith.willAnswer(LIST, 200, nonsense);
      assertThat(drift()).as(nonsense).isEqualTo(1);
      assertThat(out.toString()).as(nonsense).contains("The monolith answers GET ").contains("with what is not understood: ");
    }
  }

  @Test
  void refusesWhereNobodyDeclaresACopyOfTheModule() throws IOException {
    monolith.willAnswer(LIST, 200, "[" + copy(7, 7200, "[]", Duration.ZERO).replace("users.", "usersearch.") + "]");
    assertThat(drift()).isEqualTo(1);
    assertThat(out.toString()).startsWith("Nobody declares a copy that module 'users' keeps, or one of its data.").doesNotContain("usersearch");
  }

  @Test
  void answersPrograms() throws IOException {
    monolith.willAnswer(LIST, 200, "[" + copy(1, 3601, "[\"2\"]", Duration.ofSeconds(1)) + "]");
    assertThat(drift("--json")).isEqualTo(1);
    JsonNode answer = new ObjectMapper().readTree(out.toString());
    assertThat(answer.path("good").asBoolean(true)).isFalse();
    assertThat(answer.path("problems")).isEmpty();
    JsonNode copy = answer.path("copies").path(0);
    assertThat(copy.path("application").asText()).isEqualTo("monolith");
    assertThat(copy.path("verdict").asText()).isEqualTo("STALE");
    assertThat(copy.path("stale").asLong()).isEqualTo(1);
    assertThat(copy.path("lagMillis").asLong()).isEqualTo(100);
    assertThat(copy.path("keys").path(0).asText()).isEqualTo("2");
  }

  @Test
  void wantsToKnowWhomToAsk() throws IOException {
    Path plan = plan("", "");
    assertThat(execute("drift", plan.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("names no url, neither monolith.url nor service.url: there is nobody to ask for copies.");
    assertThat(execute("drift", plan("url: %s,".formatted(monolith.url()), "url: %s,".formatted(service.url())).toString(), "--patience", "soon")).isEqualTo(2);
    assertThat(err.toString()).contains("--patience: 'soon' is no duration");
  }

  @Test
  void takesTheSecretOfAFileThatEndsInALineFeedAndNeverTellsOne() {
    DriftCommand command = new DriftCommand();
    new CommandLine(command);
    assertThat(command.authorization("Bearer secret\n")).contains("Bearer secret");
    assertThat(command.authorization(" \n")).isEmpty();
    assertThat(command.authorization(null)).isEmpty();
    assertThatThrownBy(() -> command.authorization("Bearer\nsecret")).isInstanceOf(ParameterException.class)
        .message().startsWith("BANYAN_COPIES_AUTHORIZATION holds a character").doesNotContain("secret");
  }

  private static String copy(long stale, long oldest, String keys, Duration compared) {
    return """
        {"name": "orders.customerName", "owner": "users.name", "lagMillis": 100, "stale": %d, "oldestSeconds": %d, "allowedSeconds": 3600, \
        "keys": %s, "comparedAt": "%s"}""".formatted(stale, oldest, keys, Instant.now().minus(compared));
  }

  private int drift(String... options) throws IOException {
    out.getBuffer().setLength(0);
    List<String> arguments = new ArrayList<>(List.of("drift", plan("url: %s,".formatted(monolith.url()), "url: %s/,".formatted(service.url())).toString()));
    arguments.addAll(List.of(options));
    return execute(arguments.toArray(String[]::new));
  }

  /** Nobody listens at the databases: only the applications are asked. */
  private Path plan(String monolithUrl, String serviceUrl) throws IOException {
    return Files.writeString(folder.resolve("users.yml"), """
        module: users
        monolith: { %s database: { url: "jdbc:postgresql://127.0.0.1:1/shop", user: banyan, password: secret } }
        service: { %s database: { url: "jdbc:postgresql://127.0.0.1:1/users", user: banyan, password: secret } }
        tables: [users.account]
        """.formatted(monolithUrl, serviceUrl));
  }

  private int execute(String... arguments) {
    CommandLine commandLine = Banyan.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
