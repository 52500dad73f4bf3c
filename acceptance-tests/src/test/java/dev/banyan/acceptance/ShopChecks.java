package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.acceptance.ShopOwners.Owner;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/** The checks in one setting, in order. */
final class ShopChecks {

  private static final Duration WITHIN = Duration.ofSeconds(30);

  private final Stage stage;
  private final ShopSetting setting;
  private final Collector collector;
  private final Http proxy;
  private final ShopCustomer shop;

  ShopChecks(Stage stage, ShopSetting setting, Collector collector) {
    this.stage = stage;
    this.setting = setting;
    this.collector = collector;
    this.proxy = new Http(stage.proxyUrl());
    this.shop = new ShopCustomer(proxy);
  }

  Stream<DynamicTest> all() {
    return Stream.of(everywhere(), outside(), Stream.of(
        check("goes on where it was killed", () -> new ShopBreakdowns(stage, setting).goesOnWhereItWasKilled()),
        check("has its books right", () -> new ShopBooks(stage, setting).expectRight()))).flatMap(checks -> checks);
  }

  /** What needs a module with a process of its own: without one, it is not down by itself, and not misunderstood. */
  private Stream<DynamicTest> outside() {
    List<Owner> left = setting.left();
    return Stream.of(
        Optional.of(check("hands the inventory's events over, there and back under load",
            () -> new ShopHandOver(stage).expectEachChangeOfTheInventoryToBeToldOnce())).filter(any -> left.contains(Owner.INVENTORY)),
        Optional.of(check("does without owners that are down or talk nonsense", () -> owners().doesWithoutThoseThatAreDownOrTalkNonsense()))
            .filter(any -> !left.isEmpty()),
        Optional.of(check("goes on where the inventory was killed", () -> new ShopBreakdowns(stage, setting).goesOnWhereTheInventoryWasKilled()))
            .filter(any -> left.contains(Owner.INVENTORY))).flatMap(Optional::stream);
  }

  private Stream<DynamicTest> everywhere() {
    return Stream.of(
        check("is reached by a real move, while a customer orders", this::reach),
        check("sells what is there", this::sells),
        check("rejects what is not there", this::rejects),
        check("puts an order's details together", this::tellsDetails),
        check("tells other modules of a new name", this::tellsOfANewName),
        check("serves both versions of a name", this::servesBothVersions),
        check("keeps what it has promised the consumers of users", () -> new ConsumerContract(proxy).expectKept()),
        check("reports revenue, and how old that is", this::reportsRevenue),
        check("rebuilds reports while they are read", this::rebuildsReports),
        check("rebuilds a copy from its owner", () -> copies().expectRebuilt(shop.orderOfAda())),
        check("finds a stale copy, tells of it and heals it", () -> copies().expectHealedOverRest(shop.orderOfAda())),
        check("finds and heals one from the command line", () -> copies().expectHealedByCommand(shop.orderOfAda())),
        check("takes events again without harm", this::takesEventsAgain),
        check("holds an event that cannot be applied until it is sent again", this::holdsDeadLetters),
        check("answers what is wrong with problem details", this::answersWithProblems),
        check("places an order once that is sent twice", this::placesOnce),
        check("shows a checkout that is stuck, and lets a person end it", () -> new ShopStuckCheckouts(stage, setting).expectEndedByHand()),
        check("leaves one trace of a request", () -> operations().leavesOneTrace()),
        check("asks each owner once for a page of orders", () -> operations().asksEachOwnerOnceForAPage()),
        check("tells that it is well and ready", () -> operations().tellsItsHealth()),
        check("keeps databases to their owners", () -> new ShopRoles(stage, setting).expectOwnDatabasesOnly()),
        check("keeps schemas to their modules", () -> new ShopRoles(stage, setting).expectOwnSchemasOnly()),
        check("does without an owner that is slow", () -> owners().doesWithoutOneThatIsSlow()),
        check("does without an owner that fails", () -> owners().doesWithoutOneThatFails()));
  }

  /** The end of the shared database: nothing of both modules is left in the monolith, and the shop works. */
  Stream<DynamicTest> afterTheEnd() {
    return Stream.of(
        check("is complete, and the monolith runs without both modules", () -> new ShopEnd(stage).complete()),
        check("sells what is there", this::sells),
        check("puts an order's details together", this::tellsDetails),
        check("tells other modules of a new name", this::tellsOfANewName),
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
    long customer = shop.register("Ada");
    AtomicBoolean there = new AtomicBoolean();
    CompletableFuture<Map<Integer, Integer>> answers = CompletableFuture.supplyAsync(() -> shop.orderUntil(there, customer));
    try {
      setting.reach(stage);
    } finally {
      there.set(true);
    }
    System.out.printf("%s: orders by status %s%n", setting, answers.join());
    assertThat(answers.join()).as("orders by status").containsKey(201).doesNotContainKeys(400, 404, 409, 500, 502);
  }

  private void sells() throws Exception {
    int before = shop.stock("FIG-1");
    JsonNode order = shop.placed(shop.register("Ada"), "FIG-1", 2);
    assertThat(order.path("status").asText()).isEqualTo("CONFIRMED");
    assertThat(shop.stock("FIG-1")).isEqualTo(before - 2);
    assertThat(shop.payment(order.path("id").asLong())).isEqualTo("CAPTURED");
  }

  private void rejects() throws Exception {
    String rare = "RARE-" + setting;
    assertThat(proxy.post("/api/v1/inventory/products", "{\"sku\": \"%s\", \"name\": \"Rare\", \"price\": 2, \"stock\": 1}".formatted(rare)).status())
        .isEqualTo(201);
    Http.Answer answer = shop.order(shop.register("Ada"), rare, 2);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(409);
    assertThat(answer.body().path("detail").asText()).endsWith("was rejected: Product '%s' has fewer than 2 pieces left.".formatted(rare));
    assertThat(shop.stock(rare)).isEqualTo(1);
    assertThat(shop.payment(answer.body().path("orderId").asLong())).isEqualTo("VOIDED");
  }

  private void tellsDetails() throws Exception {
    JsonNode order = shop.placed(shop.register("Ada"), "FIG-1", 1);
    JsonNode details = shop.details(order);
    assertThat(details.path("missing")).as(details.toString()).isEmpty();
    assertThat(details.path("user").path("name").asText()).isEqualTo("Ada");
    assertThat(details.path("payment").path("status").asText()).isEqualTo("CAPTURED");
    assertThat(details.path("stock").path("status").asText()).isEqualTo("RESERVED");
    JsonNode page = proxy.get("/api/v1/orders/details?after=%d&limit=1".formatted(order.path("id").asLong() - 1)).body();
    assertThat(page.path(0)).isEqualTo(details);
  }

  private void tellsOfANewName() throws Exception {
    long customer = shop.register("Ada");
    long order = shop.placed(customer, "FIG-1", 1).path("id").asLong();
    assertThat(proxy.put("/api/v1/users/" + customer, "{\"name\": \"Ada King\"}").status()).isEqualTo(200);
    shop.awaitName(order, "Ada King");
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
    long customer = shop.register("Ada");
    shop.placed(customer, "FIG-1", 2);
    await("the report").atMost(WITHIN).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
      JsonNode report = proxy.get("/api/v1/reporting/customers/" + customer).body();
      assertThat(report.path("rows").path(0).path("revenue").asDouble()).as(report.toString()).isEqualTo(25.0);
      assertThat(report.path("lagMillis").isIntegralNumber()).as(report.toString()).isTrue();
      assertThat(report.path("lagMillis").asLong()).isLessThan(WITHIN.toMillis());
    });
    await("the history").atMost(WITHIN).untilAsserted(() -> assertThat(proxy.get("/api/v1/reporting/customers/%d/orders".formatted(customer))
        .body().path("rows").path(0).path("stock").asText()).isEqualTo("RESERVED"));
  }

  /** Nobody ever reads less than there was before. */
  private void rebuildsReports() throws Exception {
    long customer = shop.register("Ada");
    shop.placed(customer, "FIG-1", 2);
    await("the report").atMost(WITHIN).pollInterval(Duration.ofMillis(50)).until(() -> revenue(customer) == 25.0);
    CompletableFuture<JsonNode> rebuilt = CompletableFuture.supplyAsync(() -> postBeside("/api/v1/reporting/rebuild"));
    do {
      assertThat(revenue(customer)).isEqualTo(25.0);
    } while (!rebuilt.isDone());
    assertThat(rebuilt.join().path("generation").asInt()).as(rebuilt.join().toString()).isGreaterThan(1);
    assertThat(rebuilt.join().path("events").asLong()).isGreaterThan(4);
    assertThat(revenue(customer)).isEqualTo(25.0);
  }

  private double revenue(long customer) throws IOException, InterruptedException {
    return proxy.get("/api/v1/reporting/customers/" + customer).body().path("rows").path(0).path("revenue").asDouble();
  }

  private JsonNode postBeside(String path) {
    try {
      return proxy.post(path, "").body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private ShopOperations operations() {
    return new ShopOperations(stage, setting, collector);
  }

  private ShopOwners owners() {
    return new ShopOwners(stage, setting, collector);
  }

  private ShopCopies copies() {
    return new ShopCopies(stage, collector);
  }

  /** As a feed does that has changed its address, or a cursor that was lost: everything comes once more. */
  private void takesEventsAgain() throws Exception {
    long customer = shop.register("Ada");
    long order = shop.placed(customer, "FIG-1", 1).path("id").asLong();
    assertThat(proxy.put("/api/v1/users/" + customer, "{\"name\": \"Ada King\"}").status()).isEqualTo(200);
    shop.awaitName(order, "Ada King");
    stage.monolithServer().execute("shop", "delete from orders.inbox_cursor where subscription = 'orders.customers'");
    assertThat(proxy.put("/api/v1/users/" + customer, "{\"name\": \"Ada Lovelace\"}").status()).isEqualTo(200);
    shop.awaitName(order, "Ada Lovelace");
    assertThat(proxy.get("/api/v1/orders/dead-letters").body()).isEmpty();
  }

  private void holdsDeadLetters() throws Exception {
    long poisoned = shop.register("Ada");
    long order = shop.placed(poisoned, "FIG-1", 1).path("id").asLong();
    long other = shop.register("Ada");
    new ShopDeadLetters(stage, proxy).expectSentAgain(poisoned, order, other, shop.placed(other, "FIG-1", 1).path("id").asLong());
  }

  private void answersWithProblems() throws Exception {
    String sku = "WRONG-" + setting;
    assertThat(proxy.post("/api/v1/inventory/products", "{\"sku\": \"%s\", \"name\": \"x\", \"price\": 2, \"stock\": 5}".formatted(sku)).status())
        .isEqualTo(201);
    long last = shop.placed(shop.register("Ada"), "FIG-1", 1).path("id").asLong();
    new ShopErrors(proxy, last).expectProblems(shop.register("Ada"), sku);
  }

  private void placesOnce() throws Exception {
    String json = "{\"customerId\": %d, \"items\": [{\"sku\": \"FIG-1\", \"quantity\": 1}]}".formatted(shop.register("Ada"));
    String key = "\"%s\"".formatted(UUID.randomUUID());
    Http.Answer first = proxy.send("POST", "/api/v1/orders", json, "Idempotency-Key", key);
    assertThat(first.status()).as(first.body().toString()).isEqualTo(201);
    Http.Answer again = proxy.send("POST", "/api/v1/orders", json, "Idempotency-Key", key);
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(proxy.send("POST", "/api/v1/orders", json.replace("1}]", "2}]"), "Idempotency-Key", key).status()).isEqualTo(422);
  }
}
