package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Owners that are slow, fail, are down or talk nonsense, wherever they are. Details of orders are told without them, no
 * order is placed that needs them, and afterwards everything goes on.
 */
final class ShopOwners {

  private static final Duration WITHIN = Duration.ofSeconds(30);

  private final Stage stage;
  private final ShopSetting setting;
  private final Collector collector;
  private final Http proxy;
  private final ShopCustomer shop;

  ShopOwners(Stage stage, ShopSetting setting, Collector collector) {
    this.stage = stage;
    this.setting = setting;
    this.collector = collector;
    this.proxy = new Http(stage.proxyUrl());
    this.shop = new ShopCustomer(proxy);
  }

  /** An owner, and what it is asked for. */
  enum Owner {
    USERS("users.account", "users.account"),
    PAYMENTS("payments.payment", "payments.payment"),
    INVENTORY("inventory.reservation", "inventory.product");

    private final String ofDetails;
    private final String ofOrders;

    Owner(String ofDetails, String ofOrders) {
      this.ofDetails = ofDetails;
      this.ofOrders = ofOrders;
    }

    String module() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Its tables are locked: whoever reads them waits, in this process or behind a call. */
  void doesWithoutOneThatIsSlow() throws Exception {
    JsonNode order = shop.placed(shop.register("Ada"), "FIG-1", 1);
    for (Owner owner : Owner.values()) {
      try (Connection gate = setting.connect(stage, owner.module()); Statement statement = gate.createStatement()) {
        gate.setAutoCommit(false);
        statement.execute("lock table %s in access exclusive mode".formatted(owner.ofDetails));
        expectMissing(order, "Module '%s' did not answer within 1000 ms.".formatted(owner.module()));
      }
      awaitNothingMissing(order);
    }
    if (setting.left().contains(Owner.USERS)) {
      doesWithoutAServiceThatStandsStill(order);
    }
    waitsForASlowInventory(order.path("customerId").asLong());
  }

  /** With all of its connections open. */
  private void doesWithoutAServiceThatStandsStill(JsonNode order) throws Exception {
    stage.suspendService();
    try {
      expectMissing(order, "Module 'users' did not answer within 1000 ms.");
    } finally {
      stage.resumeService();
    }
    awaitNothingMissing(order);
  }

  private void waitsForASlowInventory(long customer) throws Exception {
    CompletableFuture<Http.Answer> answer;
    try (Connection gate = setting.connect(stage, "inventory"); Statement statement = gate.createStatement()) {
      gate.setAutoCommit(false);
      statement.execute("lock table inventory.reservation in exclusive mode");
      answer = CompletableFuture.supplyAsync(() -> shop.orderBeside(customer));
      await("the reservation").atMost(WITHIN).pollInterval(Duration.ofMillis(20)).until(() -> isWaitedFor(statement));
    }
    assertThat(answer.join().status()).as(answer.join().body().toString()).isIn(201, 202);
    long order = answer.join().body().path("id").asLong();
    await("the order").atMost(WITHIN).untilAsserted(
        () -> assertThat(proxy.get("/api/v1/orders/" + order).body().path("status").asText()).isEqualTo("CONFIRMED"));
  }

  private static boolean isWaitedFor(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(
        "select count(*) > 0 from pg_locks where relation = 'inventory.reservation'::regclass and not granted")) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** Its role must not read its own tables any more: each of its statements fails. */
  void doesWithoutOneThatFails() throws Exception {
    JsonNode order = shop.placed(shop.register("Ada"), "FIG-1", 1);
    for (Owner owner : Owner.values()) {
      try (Connection database = setting.connect(stage, owner.module())) {
        setReadable(database, owner, "revoke", "from");
        try {
          awaitMissing(order, List.of(owner.module()));
          if (owner != Owner.PAYMENTS) {
            expectNoOrder(order, 500, 502, 503);
          }
        } finally {
          setReadable(database, owner, "grant", "to");
        }
      }
      awaitNothingMissing(order);
    }
    shop.awaitOrdersAgain(order.path("customerId").asLong());
  }

  private static void setReadable(Connection database, Owner owner, String verb, String preposition) throws SQLException {
    try (Statement statement = database.createStatement()) {
      for (String table : List.of(owner.ofDetails, owner.ofOrders)) {
        statement.execute("do $$ begin execute (select format('%s select on %s %s %%I', relowner::regrole) from pg_class where oid = '%s'::regclass); end $$"
            .formatted(verb, table, preposition, table));
      }
    }
  }

  /**
   * Each that has left is killed, and something else listens in its place. In one process no module is down without the
   * others, and none is told nonsense.
   */
  void doesWithoutThoseThatAreDownOrTalkNonsense() throws Exception {
    JsonNode order = shop.placed(shop.register("Ada"), "FIG-1", 1);
    int alerts = collector.alerts().size();
    Deque<Impostor> impostors = new ArrayDeque<>();
    Deque<String> missing = new ArrayDeque<>();
    try {
      for (Owner owner : setting.left()) {
        kill(owner);
        missing.addFirst(owner.module());
        awaitMissing(order, missing);
        expectNoOrder(order, 502, 503);
        Impostor impostor = new Impostor(owner == Owner.USERS ? stage.serviceUrl() : stage.inventoryUrl());
        impostors.add(impostor);
        awaitMissing(order, missing);
        expectNoOrder(order, 502, 503);
        await("followers to be told nonsense").atMost(WITHIN).until(() -> impostor.askedForEvents() > 0);
      }
      await("the alert of a copy that cannot be compared").atMost(WITHIN).until(() -> collector.alerts().stream().skip(alerts).anyMatch(
          alert -> alert.contains("\"state\":\"unknown\"") && alert.contains("orders.customerName")));
    } finally {
      impostors.forEach(Impostor::close);
      startAgain();
    }
    shop.awaitOrdersAgain(order.path("customerId").asLong());
    awaitNothingMissing(order);
    assertThat(proxy.put("/api/v1/users/" + order.path("customerId").asLong(), "{\"name\": \"Ada King\"}").status()).isEqualTo(200);
    shop.awaitName(order.path("id").asLong(), "Ada King");
  }

  private void kill(Owner owner) throws InterruptedException {
    if (owner == Owner.USERS) {
      stage.killService();
    } else {
      stage.killInventory();
    }
  }

  private void startAgain() throws IOException, InterruptedException {
    stage.startService();
    if (setting.left().contains(Owner.INVENTORY)) {
      stage.startInventory();
    }
    stage.awaitService();
  }

  private void expectMissing(JsonNode order, String reason) throws IOException, InterruptedException {
    JsonNode details = shop.details(order);
    assertThat(details.path("missing").findValuesAsText("reason")).as(details.toString()).containsExactly(reason);
    assertThat(details.path("order").path("id")).isEqualTo(order.path("id"));
  }

  /** An owner that has answered again may be let in by turns for a moment, and others have had the turn. */
  private void awaitMissing(JsonNode order, Collection<String> modules) {
    await("the details without " + modules).atMost(WITHIN).pollInterval(Duration.ofMillis(50)).untilAsserted(
        () -> assertThat(shop.details(order).path("missing").findValuesAsText("module")).containsExactlyElementsOf(modules));
  }

  private void awaitNothingMissing(JsonNode order) {
    await("all owners to answer").atMost(WITHIN).pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(shop.details(order).path("missing")).isEmpty());
  }

  /** Problem details, and nothing of the order is left. */
  private void expectNoOrder(JsonNode last, Integer... statuses) throws Exception {
    long before = lastOrder();
    Http.Answer answer = shop.order(last.path("customerId").asLong(), "FIG-1", 1);
    assertThat(answer.status()).as(answer.body().toString()).isIn((Object[]) statuses);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.body().toString()).doesNotContain("Exception", "\\tat ", "permission denied", "<html>");
    assertThat(lastOrder()).isEqualTo(before);
  }

  private long lastOrder() throws SQLException {
    try (Connection database = stage.monolithServer().connect("shop"); Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery("select max(id) from orders.orders")) {
      row.next();
      return row.getLong(1);
    }
  }
}
