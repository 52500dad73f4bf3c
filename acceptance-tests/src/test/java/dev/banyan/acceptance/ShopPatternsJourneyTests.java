package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.demo.stage.Server;
import dev.banyan.demo.stage.Stage;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * The shop does the same things in the same way, whether its modules share a process and a database or not: the same
 * checks before, between and after two extractions, all through the proxy.
 */
class ShopPatternsJourneyTests {

  private static final Duration WITHIN = Duration.ofSeconds(30);

  private static Stage stage;
  private static Collector collector;

  @BeforeAll
  static void setStage() throws IOException, SQLException {
    collector = new Collector();
    stage = Stage.set();
    stage.give(collector.environment());
    stage.give(ShopCopies.impatience());
    stage.give(ShopDeadLetters.impatience());
    stage.give(Map.of("SHOP_COPIES_WEBHOOK", collector.webhook(), "SHOP_ORDERS_CHECKOUT_LEASE", "5s"));
    stage.give(Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs", "LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_WEB_SERVLET", "debug"));
  }

  @AfterAll
  static void clearStage() {
    stage.close();
    collector.close();
  }

  @TestFactory
  Stream<DynamicContainer> worksTheSameInEverySetting() {
    return Arrays.stream(ShopSetting.values()).map(setting -> dynamicContainer(setting.name(), new Checks(setting).all()));
  }

  /** The checks in one setting, in order. */
  private static final class Checks {

    private final ShopSetting setting;
    private final Http proxy = new Http(stage.proxyUrl());

    Checks(ShopSetting setting) {
      this.setting = setting;
    }

    Stream<DynamicTest> all() {
      return Stream.of(
          check("is reached by a real move, while a customer orders", this::reach),
          check("sells what is there", this::sells),
          check("rejects what is not there", this::rejects),
          check("puts an order's details together", this::tellsDetails),
          check("tells other modules of a new name", this::tellsOfANewName),
          check("serves both versions of a name", this::servesBothVersions),
          check("keeps what it has promised the consumers of users", () -> new ConsumerContract(proxy).expectKept()),
          check("reports revenue, and how old that is", this::reportsRevenue),
          check("rebuilds a copy from its owner", () -> copies().expectRebuilt(orderOfAda())),
          check("finds a stale copy, tells of it and heals it", () -> copies().expectHealedOverRest(orderOfAda())),
          check("finds and heals one from the command line", () -> copies().expectHealedByCommand(orderOfAda())),
          check("takes events again without harm", this::takesEventsAgain),
          check("holds an event that cannot be applied until it is sent again", this::holdsDeadLetters),
          check("answers what is wrong with problem details", this::answersWithProblems),
          check("places an order once that is sent twice", this::placesOnce),
          check("leaves one trace of a request", this::leavesOneTrace),
          check("asks each owner once for a page of orders", this::asksEachOwnerOnceForAPage),
          check("keeps databases to their owners", this::keepsDatabasesToTheirOwners),
          check("keeps schemas to their modules", () -> new ShopRoles(stage).expectOwnSchemasOnly()),
          check("does without an owner that is down", this::doesWithoutAnOwner),
          check("goes on where it was killed", this::goesOnWhereItWasKilled),
          check("has its books right", () -> new ShopBooks(stage, setting).expectRight()));
    }

    private static DynamicTest check(String name, Executable check) {
      return dynamicTest(name, check);
    }

    private void reach() throws Exception {
      if (setting == ShopSetting.MONOLITH) {
        setting.reach(stage);
        return;
      }
      long customer = register("Ada");
      AtomicBoolean there = new AtomicBoolean();
      CompletableFuture<Map<Integer, Integer>> answers = CompletableFuture.supplyAsync(() -> orderUntil(there, customer));
      try {
        setting.reach(stage);
      } finally {
        there.set(true);
      }
      System.out.printf("%s: orders by status %s%n", setting, answers.join());
      assertThat(answers.join()).as("orders by status").containsKey(201).doesNotContainKeys(400, 404, 409, 500, 502);
    }

    private Map<Integer, Integer> orderUntil(AtomicBoolean there, long customer) {
      Map<Integer, Integer> answers = new TreeMap<>();
      while (!there.get()) {
        answers.merge(orderBeside(customer).status(), 1, Integer::sum);
      }
      return answers;
    }

    private void sells() throws Exception {
      int before = stock("FIG-1");
      JsonNode order = placed(register("Ada"), "FIG-1", 2);
      assertThat(order.path("status").asText()).isEqualTo("CONFIRMED");
      assertThat(stock("FIG-1")).isEqualTo(before - 2);
      assertThat(payment(order.path("id").asLong())).isEqualTo("CAPTURED");
    }

    private void rejects() throws Exception {
      String rare = "RARE-" + setting;
      assertThat(proxy.post("/api/v1/inventory/products", "{\"sku\": \"%s\", \"name\": \"Rare\", \"price\": 2, \"stock\": 1}".formatted(rare)).status())
          .isEqualTo(201);
      Http.Answer answer = order(register("Ada"), rare, 2);
      assertThat(answer.status()).as(answer.body().toString()).isEqualTo(409);
      assertThat(answer.body().path("detail").asText()).endsWith("was rejected: Product '%s' has fewer than 2 pieces left.".formatted(rare));
      assertThat(stock(rare)).isEqualTo(1);
      assertThat(payment(answer.body().path("orderId").asLong())).isEqualTo("VOIDED");
    }

    private void tellsDetails() throws Exception {
      JsonNode order = placed(register("Ada"), "FIG-1", 1);
      JsonNode details = details(order);
      assertThat(details.path("missing")).as(details.toString()).isEmpty();
      assertThat(details.path("user").path("name").asText()).isEqualTo("Ada");
      assertThat(details.path("payment").path("status").asText()).isEqualTo("CAPTURED");
      assertThat(details.path("stock").path("status").asText()).isEqualTo("RESERVED");
      JsonNode page = proxy.get("/api/v1/orders/details?after=%d&limit=1".formatted(order.path("id").asLong() - 1)).body();
      assertThat(page.path(0)).isEqualTo(details);
    }

    private void tellsOfANewName() throws Exception {
      long customer = register("Ada");
      long order = placed(customer, "FIG-1", 1).path("id").asLong();
      assertThat(proxy.put("/api/v1/users/" + customer, "{\"name\": \"Ada King\"}").status()).isEqualTo(200);
      awaitName(order, "Ada King");
    }

    private void servesBothVersions() throws Exception {
      long customer = proxy.post("/api/v2/users", "{\"email\": \"%s@example.org\", \"givenName\": \"Ludwig\", \"familyName\": \"van Beethoven\"}"
          .formatted(UUID.randomUUID())).body().path("id").asLong();
      Http.Answer first = proxy.get("/api/v1/users/" + customer);
      assertThat(first.body().path("name").asText()).isEqualTo("Ludwig van Beethoven");
      assertThat(first.header("Deprecation")).matches("@\\d+");
      assertThat(first.header("Sunset")).endsWith("GMT");
      assertThat(first.header("Link")).isEqualTo("</api/v2/users>; rel=\"successor-version\"");
      Http.Answer second = proxy.get("/api/v2/users/" + customer);
      assertThat(second.body().path("familyName").asText()).isEqualTo("van Beethoven");
      assertThat(List.of(second.header("Deprecation"), second.header("Sunset"))).containsOnly("");
      assertThat(proxy.put("/api/v1/users/" + customer, "{\"name\": \"Clara Wieck\"}").status()).isEqualTo(200);
      assertThat(proxy.get("/api/v2/users/" + customer).body().path("familyName").asText()).isEqualTo("Wieck");
    }

    private void reportsRevenue() throws Exception {
      long customer = register("Ada");
      placed(customer, "FIG-1", 2);
      await("the report").atMost(WITHIN).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
        JsonNode report = proxy.get("/api/v1/reporting/customers/" + customer).body();
        assertThat(report.path("rows").path(0).path("revenue").asDouble()).as(report.toString()).isEqualTo(25.0);
        assertThat(report.path("lagMillis").isIntegralNumber()).as(report.toString()).isTrue();
        assertThat(report.path("lagMillis").asLong()).isLessThan(WITHIN.toMillis());
      });
      await("the history").atMost(WITHIN).untilAsserted(() -> assertThat(proxy.get("/api/v1/reporting/customers/%d/orders".formatted(customer))
          .body().path("rows").path(0).path("stock").asText()).isEqualTo("RESERVED"));
    }

    private ShopCopies copies() {
      return new ShopCopies(stage, collector);
    }

    private long orderOfAda() throws IOException, InterruptedException {
      return placed(register("Ada"), "FIG-1", 1).path("id").asLong();
    }

    /** As a feed does that has changed its address, or a cursor that was lost: everything comes once more. */
    private void takesEventsAgain() throws Exception {
      long customer = register("Ada");
      long order = placed(customer, "FIG-1", 1).path("id").asLong();
      assertThat(proxy.put("/api/v1/users/" + customer, "{\"name\": \"Ada King\"}").status()).isEqualTo(200);
      awaitName(order, "Ada King");
      stage.monolithServer().execute("shop", "delete from orders.inbox_cursor where subscription = 'orders.customers'");
      assertThat(proxy.put("/api/v1/users/" + customer, "{\"name\": \"Ada Lovelace\"}").status()).isEqualTo(200);
      awaitName(order, "Ada Lovelace");
      assertThat(proxy.get("/api/v1/orders/dead-letters").body()).isEmpty();
    }

    private void awaitName(long order, String name) {
      await("name " + name).atMost(WITHIN).pollInterval(Duration.ofMillis(50)).untilAsserted(
          () -> assertThat(proxy.get("/api/v1/orders/" + order).body().path("customerName").asText()).isEqualTo(name));
    }

    /** The monolith is killed with an order at each step, and with a new name that is committed and not delivered. */
    private void goesOnWhereItWasKilled() throws Exception {
      long customer = register("Ada");
      long order = placed(customer, "FIG-1", 1).path("id").asLong();
      try (KilledCheckouts checkouts = new KilledCheckouts(stage, new Http(stage.monolithUrl()), setting.name(), KilledCheckouts.OF_MONOLITH);
          Connection delivery = stage.monolithServer().connect("shop"); Statement statement = delivery.createStatement()) {
        delivery.setAutoCommit(false);
        statement.execute("lock table orders.inbox_cursor in access exclusive mode");
        assertThat(proxy.put("/api/v1/users/" + customer, "{\"name\": \"Ada King\"}").status()).isEqualTo(200);
        checkouts.standStill(customer);
        stage.killMonolith();
        checkouts.letGo();
        delivery.rollback();
        stage.startMonolith();
        stage.awaitMonolith();
        awaitName(order, "Ada King");
        new ShopBooks(stage, setting).expectRight();
        checkouts.expectOneOrderEach(customer);
      }
    }

    private void holdsDeadLetters() throws Exception {
      long poisoned = register("Ada");
      long order = placed(poisoned, "FIG-1", 1).path("id").asLong();
      long other = register("Ada");
      new ShopDeadLetters(stage, proxy).expectSentAgain(poisoned, order, other, placed(other, "FIG-1", 1).path("id").asLong());
    }

    private void answersWithProblems() throws Exception {
      String sku = "WRONG-" + setting;
      assertThat(proxy.post("/api/v1/inventory/products", "{\"sku\": \"%s\", \"name\": \"x\", \"price\": 2, \"stock\": 5}".formatted(sku)).status())
          .isEqualTo(201);
      long last = placed(register("Ada"), "FIG-1", 1).path("id").asLong();
      new ShopErrors(proxy, last).expectProblems(register("Ada"), sku);
    }

    private void placesOnce() throws Exception {
      String json = "{\"customerId\": %d, \"items\": [{\"sku\": \"FIG-1\", \"quantity\": 1}]}".formatted(register("Ada"));
      String key = "\"%s\"".formatted(UUID.randomUUID());
      Http.Answer first = proxy.send("POST", "/api/v1/orders", json, "Idempotency-Key", key);
      assertThat(first.status()).as(first.body().toString()).isEqualTo(201);
      Http.Answer again = proxy.send("POST", "/api/v1/orders", json, "Idempotency-Key", key);
      assertThat(again.status()).isEqualTo(201);
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(proxy.send("POST", "/api/v1/orders", json.replace("1}]", "2}]"), "Idempotency-Key", key).status()).isEqualTo(422);
    }

    private void leavesOneTrace() throws Exception {
      expectOneTrace("/api/v1/orders/%d/details".formatted(orderOfAda()));
    }

    /** Each owner is a process of its own, and takes part once. */
    private void asksEachOwnerOnceForAPage() throws Exception {
      orderOfAda();
      String page = "/api/v1/orders/details?after=0&limit=50";
      assertThat(proxy.get(page).body()).hasSizeBetween(5, 50).allSatisfy(details -> assertThat(details.path("missing")).isEmpty());
      expectOneTrace(page);
    }

    /** Whoever takes part goes on from whoever called it, with nobody missing in between. */
    private void expectOneTrace(String path) throws Exception {
      String trace = UUID.randomUUID().toString().replace("-", "");
      String caller = "00f067aa0ba902b7";
      proxy.get(path, "00-%s-%s-01".formatted(trace, caller));
      await("the spans of a request").atMost(WITHIN).untilAsserted(() -> {
        List<Collector.Sent> spans = collector.ofTrace(trace);
        assertThat(spans).filteredOn(sent -> sent.span().getKind() == Span.SpanKind.SPAN_KIND_SERVER).extracting(Collector.Sent::service)
            .containsExactlyInAnyOrderElementsOf(setting.processes());
        assertThat(spans).extracting(Collector.Sent::parent).allMatch(
            parent -> parent.equals(caller) || spans.stream().anyMatch(sent -> sent.id().equals(parent)));
      });
      assertThat(Files.readAllLines(stage.folder().resolve("monolith.log"))).filteredOn(line -> line.startsWith("{") && line.contains(trace))
          .first().satisfies(line -> assertThat(new ObjectMapper().readTree(line).path("traceId").asText()).isEqualTo(trace));
    }

    /** Also where the other side's server has a role of that name, with the same password. */
    private void keepsDatabasesToTheirOwners() throws SQLException {
      expectRefused(stage.serviceServer(), "users", "shop");
      expectRefused(stage.monolithServer(), "shop", "users");
      if (setting == ShopSetting.USERS_AND_INVENTORY_OUT) {
        expectRefused(stage.serviceServer(), "users", "inventory");
        expectRefused(stage.serviceServer(), "inventory", "users");
        expectRefused(stage.serviceServer(), "inventory", "shop");
        expectRefused(stage.monolithServer(), "shop", "inventory");
      }
    }

    private static void expectRefused(Server server, String database, String role) throws SQLException {
      server.execute("postgres", "do $$ begin if to_regrole('%1$s') is null then create role %1$s login password '%1$s'; end if; end $$".formatted(role));
      assertThatThrownBy(() -> DriverManager.getConnection(server.url(database), role, role).close()).as(role + " at " + database)
          .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }

    private void doesWithoutAnOwner() throws Exception {
      switch (setting) {
        // In one process no module is down without the others.
        case MONOLITH -> { }
        case USERS_OUT -> withoutUsers();
        case USERS_AND_INVENTORY_OUT -> withoutInventory();
      }
    }

    private void withoutUsers() throws Exception {
      JsonNode order = placed(register("Ada"), "FIG-1", 1);
      stage.killService();
      assertThat(details(order).path("missing").findValuesAsText("module")).containsExactly("users");
      assertThat(details(order).path("stock").path("status").asText()).isEqualTo("RESERVED");
      assertThat(order(order.path("customerId").asLong(), "FIG-1", 1).status()).isEqualTo(503);
      stage.startService();
      stage.awaitService();
      awaitOrdersAgain(order.path("customerId").asLong());
    }

    private void withoutInventory() throws Exception {
      JsonNode order = placed(register("Ada"), "FIG-1", 1);
      stage.killInventory();
      assertThat(details(order).path("missing").findValuesAsText("module")).containsExactly("inventory");
      assertThat(details(order).path("user").path("name").asText()).isEqualTo("Ada");
      assertThat(order(order.path("customerId").asLong(), "FIG-1", 1).status()).isEqualTo(503);
      stage.startInventory();
      awaitOrdersAgain(order.path("customerId").asLong());
      killTheInventoryWhileItReserves(order.path("customerId").asLong());
      killTheInventoryBetweenItsCommitAndItsAnswer(order.path("customerId").asLong());
    }

    /** Whatever becomes of this order, it is the same in all databases. */
    private void killTheInventoryWhileItReserves(long customer) throws Exception {
      CompletableFuture<Http.Answer> answer;
      try (Connection gate = stage.serviceServer().connect("inventory"); Statement statement = gate.createStatement()) {
        gate.setAutoCommit(false);
        statement.execute("lock table inventory.reservation in exclusive mode");
        answer = CompletableFuture.supplyAsync(() -> orderBeside(customer));
        await("the reservation").atMost(WITHIN).pollInterval(Duration.ofMillis(20)).until(() -> isWaitedFor(statement));
        stage.killInventory();
        gate.rollback();
      }
      stage.startInventory();
      assertThat(answer.join().status()).isIn(201, 202, 409);
    }

    /** A commit that waits for a replica which is not there is written already, and its client has not heard of it. */
    private void killTheInventoryBetweenItsCommitAndItsAnswer(long customer) throws Exception {
      AtomicBoolean stopped = new AtomicBoolean();
      CompletableFuture<Map<Integer, Integer>> answers;
      long committed;
      try (Connection observer = stage.serviceServer().connect("inventory"); Statement statement = observer.createStatement()) {
        stage.serviceServer().execute("postgres", "alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()");
        answers = CompletableFuture.supplyAsync(() -> orderUntil(stopped, customer));
        try {
          await("a reservation that is committed and not answered").atMost(WITHIN).pollInterval(Duration.ofMillis(20)).until(() -> number(statement, """
              select count(*) from pg_locks l join pg_stat_activity a using (pid)
              where l.relation = 'inventory.reservation'::regclass and l.mode = 'RowExclusiveLock' and a.wait_event = 'SyncRep'""") == 1);
          committed = number(statement, "select count(*) from inventory.reservation");
          stage.killInventory();
        } finally {
          stopped.set(true);
          stage.serviceServer().execute("postgres", "alter system reset synchronous_standby_names", "select pg_reload_conf()");
        }
        await("the reservation to be seen").atMost(WITHIN).until(() -> number(statement, "select count(*) from inventory.reservation") == committed + 1);
      }
      stage.startInventory();
      assertThat(answers.join().keySet()).isSubsetOf(201, 202, 409, 503);
    }

    private static long number(Statement statement, String sql) throws SQLException {
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      }
    }

    private static boolean isWaitedFor(Statement statement) throws SQLException {
      try (ResultSet row = statement.executeQuery(
          "select count(*) > 0 from pg_locks where relation = 'inventory.reservation'::regclass and not granted")) {
        return row.next() && row.getBoolean(1);
      }
    }

    private Http.Answer orderBeside(long customer) {
      try {
        return order(customer, "FIG-1", 1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    private void awaitOrdersAgain(long customer) {
      await("orders to be taken again").atMost(WITHIN).pollInterval(Duration.ofMillis(200)).until(() -> order(customer, "FIG-1", 1).status() == 201);
    }

    private JsonNode details(JsonNode order) throws IOException, InterruptedException {
      return proxy.get("/api/v1/orders/%d/details".formatted(order.path("id").asLong())).body();
    }

    private long register(String name) throws IOException, InterruptedException {
      Http.Answer answer = proxy.post("/api/v1/users", "{\"email\": \"%s@example.org\", \"name\": \"%s\"}".formatted(UUID.randomUUID(), name));
      assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
      return answer.body().path("id").asLong();
    }

    private JsonNode placed(long customer, String sku, int quantity) throws IOException, InterruptedException {
      Http.Answer answer = order(customer, sku, quantity);
      assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
      return answer.body();
    }

    private Http.Answer order(long customer, String sku, int quantity) throws IOException, InterruptedException {
      return proxy.post("/api/v1/orders", "{\"customerId\": %d, \"items\": [{\"sku\": \"%s\", \"quantity\": %d}]}".formatted(customer, sku, quantity));
    }

    private int stock(String sku) throws IOException, InterruptedException {
      return proxy.get("/api/v1/inventory/products/" + sku).body().path("stock").asInt();
    }

    private String payment(long order) throws IOException, InterruptedException {
      return proxy.get("/api/v1/payments?orders=" + order).body().path(0).path("status").asText();
    }
  }
}
