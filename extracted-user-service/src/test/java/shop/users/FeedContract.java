package shop.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.Api;
import shop.outbox.Outboxes;
import tools.jackson.databind.JsonNode;

/** The feed of changes, on every database. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"server.address=127.0.0.1", "shop.feeds.tokens.orders=word-of-orders"})
abstract class FeedContract {

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired Outboxes outboxes;
  Api api;

  @BeforeEach
  void connect() {
    api = new Api(port);
    jdbc.sql("delete from users.outbox").update();
    jdbc.sql("delete from users.outbox_reader").update();
  }

  @Test
  void tellsEachChangeOnceAndInOrder() {
    long ada = register("Ada");
    api.put("/users/" + ada, "{'name': 'Ada K'}");
    api.put("/users/" + ada, "{'name': 'Ada L'}");
    var page = feed("", 100);
    assertThat(names(page)).containsExactly("Ada", "Ada K", "Ada L");
    var event = page.path("events").get(2);
    assertThat(event.path("type").asString()).isEqualTo("UserUpdated");
    assertThat(event.path("aggregate").asLong()).isEqualTo(ada);
    assertThat(event.path("version").asLong()).isEqualTo(2);
    assertThat(event.has("at")).isTrue();
    assertThat(event.path("cursor")).isEqualTo(page.path("next"));
    assertThat(names(feed(next(page), 100))).isEmpty();
  }

  @Test
  void goesOnAtTheCursor() {
    long ada = register("Ada");
    api.put("/users/" + ada, "{'name': 'Ada K'}");
    api.put("/users/" + ada, "{'name': 'Ada L'}");
    var first = feed("", 2);
    assertThat(names(first)).containsExactly("Ada", "Ada K");
    assertThat(first.path("complete").asBoolean()).isFalse();
    var second = feed(next(first), 2);
    assertThat(names(second)).containsExactly("Ada L");
    assertThat(second.path("complete").asBoolean()).isTrue();
    assertThat(next(feed(next(second), 1))).isEqualTo(next(second));
  }

  @Test
  void tellsNothingOfAnUpdateThatWasRefused() {
    long ada = register("Ada");
    var taken = api.get("/users/" + register("Bob")).text("email");
    var before = next(feed("", 100));
    assertThat(api.put("/users/" + ada, "{'name': 'x', 'email': '%s'}".formatted(taken)).status()).isEqualTo(409);
    assertThat(names(feed(before, 100))).isEmpty();
  }

  @Test
  void tellsTheEndOfAUser() {
    long ada = register("Ada");
    api.put("/users/" + ada, "{'name': 'Ada K'}");
    api.delete("/users/" + ada);
    var last = feed("", 100).path("events").get(2);
    assertThat(last.path("type").asString()).isEqualTo("UserRemoved");
    assertThat(last.path("version").asLong()).isEqualTo(2);
  }

  @Test
  void keepsWhatAReaderHasNotRead() {
    register("Ada");
    var read = next(feed("", 100));
    register("Bob");
    readAsOrders(read);
    jdbc.sql("update users.outbox set at = at - interval '8' day").update();
    outboxes.clean();
    assertThat(names(feed("", 100))).containsExactly("Bob");
    jdbc.sql("update users.outbox_reader set read_at = read_at - interval '31' day").update();
    outboxes.clean();
    assertThat(names(feed("", 100))).isEmpty();
  }

  /** Whoever could pass for a reader could have deleted what that one has not read. */
  @Test
  void takesNobodyForAReaderWhoDoesNotShowItsToken() {
    register("Ada");
    readAsOrders("");
    register("Bob");
    var atTheEnd = "/users/events?after=%s&reader=orders.customers".formatted(next(feed("", 100)));
    for (var shown : List.of("", "Bearer word-of-reporting", "Bearer ", "word-of-orders")) {
      var answer = api.send("GET", atTheEnd, "", "Authorization", shown);
      UsersContract.assertProblem(answer, 401);
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
      assertThat(answer.text("detail")).contains("'orders.customers'", "shop.feeds.tokens").doesNotContain("word-of-orders");
    }
    UsersContract.assertProblem(api.get(atTheEnd), 401);
    jdbc.sql("update users.outbox set at = at - interval '8' day").update();
    outboxes.clean();
    assertThat(names(feed("", 100))).containsExactly("Ada", "Bob");
  }

  /** One of a release whose cursors did not name what they count in. */
  @Test
  void beginsAnewForACursorOfNoEpoch() {
    register("Ada");
    assertThat(names(feed(next(feed("", 100)).replaceFirst("\\w+-", ""), 100))).containsExactly("Ada");
  }

  /** Anybody could keep everything for a month by a name that was made up. */
  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void keepsNothingForAReaderThatNobodyHasDeclared(CapturedOutput output) {
    register("Ada");
    var answer = api.get("/users/events?reader=made-up");
    UsersContract.assertProblem(answer, 400);
    assertThat(answer.text("detail")).contains("'made-up' is no declared reader of the events of 'users'", "shop.outbox.readers.users");
    assertThat(output.getAll()).as("what whoever makes names up could fill the log with").doesNotContain("made-up");
    assertThat(jdbc.sql("select count(*) from users.outbox_reader where name = 'made-up'").query(Integer.class).single()).isZero();
    jdbc.sql("insert into users.outbox_reader (name, txid, position, read_at) values ('of-a-former-release', 0, 0, current_timestamp)").update();
    jdbc.sql("update users.outbox set at = at - interval '8' day").update();
    outboxes.clean();
    assertThat(names(feed("", 100))).isEmpty();
  }

  @Test
  void refusesACursorThatIsNone() {
    UsersContract.assertProblem(api.get("/users/events?after=yesterday"), 400);
    UsersContract.assertProblem(api.get("/users/events?limit=501"), 400);
  }

  long register(String name) {
    return api.post("/users", "{'email': '%s@example.org', 'name': '%s'}".formatted(UUID.randomUUID(), name))
        .body().path("id").asLong();
  }

  void readAsOrders(String after) {
    assertThat(api.send("GET", "/users/events?after=%s&reader=orders.customers".formatted(after), "", "Authorization", "Bearer word-of-orders").status())
        .isEqualTo(200);
  }

  JsonNode feed(String after, int limit) {
    return api.get("/users/events?after=%s&limit=%d".formatted(after, limit)).body();
  }

  static String next(JsonNode page) {
    return page.path("next").asString();
  }

  static List<String> names(JsonNode page) {
    return page.path("events").valueStream().map(e -> e.path("payload").path("name").asString()).toList();
  }
}
