package shop.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.Api;
import shop.ServiceStub;

/** Orders, in a process whose users and inventory are elsewhere: slow, down, or talking nonsense. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"server.address=127.0.0.1",
    "shop.modules=orders,payments", "shop.inbox.every=1h", "shop.users.service.calls-until-break=1000", "shop.inventory.service.calls-until-break=1000", "shop.orders.details.answer-within=2s",
    "spring.datasource.url=jdbc:h2:mem:details;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1"})
class RemoteOwnersIntegrationTests {

  private static final ServiceStub USERS = new ServiceStub();
  private static final ServiceStub INVENTORY = new ServiceStub();
  private static final String RESERVED = "{'orderId': <last>, 'status': 'RESERVED', 'lines': [{'sku': 'FIG-1', 'quantity': 2}]}";
  private static final String PRODUCT = "{'sku': 'FIG-1', 'name': 'Fig', 'price': 12.50, 'stock': 9, 'revision': 1}";
  private static final int ORDERS = 60;

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;

  private Api api;

  @DynamicPropertySource
  static void services(DynamicPropertyRegistry properties) {
    properties.add("shop.users.service.url", USERS::url);
    properties.add("shop.inventory.service.url", INVENTORY::url);
  }

  @AfterAll
  static void close() {
    USERS.close();
    INVENTORY.close();
  }

  @BeforeEach
  void fill() {
    api = new Api(port);
    USERS.reset();
    INVENTORY.reset();
    if (jdbc.sql("select count(*) from orders.orders").query(Integer.class).single() == 0) {
      jdbc.sql("""
          insert into orders.orders (customer_id, customer_name, status, total)
          select 100 + "X", 'Ada', 'CONFIRMED', 25 from system_range(1, %d)""".formatted(ORDERS)).update();
      jdbc.sql("insert into orders.order_line (order_id, position, sku, quantity, unit_price) select id, 0, 'FIG-1', 2, 12.50 from orders.orders").update();
      jdbc.sql("insert into payments.payment (order_id, amount, status) select id, 25, 'CAPTURED' from orders.orders").update();
    }
  }

  @Test
  void putsTogetherWhatTheOwnersKnow() {
    USERS.willAnswer(200, users(1, 1));
    INVENTORY.willAnswer(200, reservations(1, 1));
    var details = api.get("/orders/1/details").body();
    assertThat(details.path("order").path("id").asLong()).isEqualTo(1);
    assertThat(details.path("user").toString()).isEqualTo("{\"id\":101,\"name\":\"Ada 101\",\"email\":\"a@example.org\"}");
    assertThat(details.path("payment").path("status").asString()).isEqualTo("CAPTURED");
    assertThat(details.path("stock").path("lines").toString()).isEqualTo("[{\"sku\":\"FIG-1\",\"quantity\":2}]");
    assertThat(details.path("missing").size()).isZero();
  }

  @Test
  void asksEachOwnerOnceForAPageOfFiftyOrders() {
    USERS.willAnswer(200, users(1, 50));
    INVENTORY.willAnswer(200, reservations(1, 50));
    var page = api.get("/orders/details?limit=50").body();
    assertThat(page.size()).isEqualTo(50);
    assertThat(page.valueStream()).allSatisfy(order -> {
      assertThat(order.path("user").path("id").asLong()).isEqualTo(100 + order.path("order").path("id").asLong());
      assertThat(order.path("stock").path("orderId").asLong()).isEqualTo(order.path("order").path("id").asLong());
    });
    assertThat(USERS.requests()).hasSize(1);
    assertThat(INVENTORY.requests()).hasSize(1);
    assertThat(api.get("/orders/details?after=%d".formatted(ORDERS)).body().size()).isZero();
    assertThat(USERS.requests()).hasSize(1);
    assertThat(api.get("/orders/details?limit=51").status()).isEqualTo(400);
    assertThat(api.get("/orders/0/details").status()).isEqualTo(404);
  }

  @Test
  void saysWhatIsMissingWhereAnOwnerIsSlow() {
    USERS.willAnswer(200, users(1, 1));
    INVENTORY.hold();
    var answer = api.get("/orders/1/details");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("user").path("name").asString()).isEqualTo("Ada 101");
    assertThat(answer.body().path("stock").isNull()).isTrue();
    assertThat(answer.body().path("missing").toString()).isEqualTo(
        "[{\"part\":\"stock\",\"module\":\"inventory\",\"reason\":\"Module 'inventory' did not answer within 2000 ms.\"}]");
  }

  @Test
  void saysWhatIsMissingWhereOwnersFailOrTalkNonsense() {
    IntStream.range(0, 3).forEach(i -> USERS.willAnswer(200, "{'greeting': 'hello'}"));
    IntStream.range(0, 12).forEach(i -> INVENTORY.willHangUp());
    var details = api.get("/orders/1/details").body();
    assertThat(details.path("payment").path("status").asString()).isEqualTo("CAPTURED");
    assertThat(details.path("missing").findValuesAsString("reason")).containsExactly(
        "The service of module 'users' answered something that is not understood.",
        "The service of module 'inventory' does not answer.");
  }

  @Test
  void leavesOutAUserWhoIsGone() {
    USERS.willAnswer(200, "[]");
    INVENTORY.willAnswer(200, "[]");
    var details = api.get("/orders/1/details").body();
    assertThat(details.path("user").isNull()).isTrue();
    assertThat(details.path("missing").size()).isZero();
  }

  @Test
  void placesNothingWhileAnOwnerIsDown() {
    IntStream.range(0, 12).forEach(i -> USERS.willHangUp());
    expectNothingPlaced(503, "The service of module 'users' does not answer.");
  }

  @Test
  void placesNothingWhereAnOwnerTalksNonsense() {
    IntStream.range(0, 3).forEach(i -> USERS.willAnswer(200, "<html>Welcome</html>"));
    expectNothingPlaced(502, "The service of module 'users' answered something that is not understood.");
    USERS.willAnswer(200, user(101));
    IntStream.range(0, 3).forEach(i -> INVENTORY.willAnswer(200, "[{'sku': 'FIG-1'}]"));
    expectNothingPlaced(502, "The service of module 'inventory' answered something that is not understood.");
  }

  @Test
  void asksAgainWhereTheAnswerOfAStepIsLostOrNoAnswerAtAll() {
    USERS.willAnswer(200, user(101));
    INVENTORY.willAnswer(200, "[%s]".formatted(PRODUCT))
        .willAnswer(503, "{'type': 'urn:banyan:fenced', 'status': 503}").willAnswer(200, "{}").willAnswer(500, "oops")
        .willAnswer(200, RESERVED);
    var placed = order();
    assertThat(placed.status()).as(placed.body().toString()).isEqualTo(201);
    var path = "PUT /api/v1/inventory/reservations/" + placed.body().path("id").asLong();
    assertThat(INVENTORY.requests()).containsExactly("POST /api/v1/inventory/products/search", path, path, path, path);
    assertThat(api.get("/payments?orders=" + placed.body().path("id").asLong()).body().get(0).path("status").asString()).isEqualTo("CAPTURED");
    forget(placed.body().path("id").asLong());
  }

  /** One that mixes answers up, or is behind something that keeps them: money would be taken of another customer, or for other goods. */
  @Test
  void takesNoAnswerAboutAnotherForTheOwners() {
    for (var told : List.of(user(102), user(101).replace("101,", "null,"))) {
      IntStream.range(0, 3).forEach(i -> USERS.willAnswer(200, told));
      expectNothingPlaced(502, "The service of module 'users' answered something that is not understood.");
    }
    for (var told : List.of(PRODUCT.replace("FIG-1", "FIG-2"), PRODUCT.replace("12.50", "-12.50"), PRODUCT + "," + PRODUCT, "null")) {
      USERS.willAnswer(200, user(101));
      IntStream.range(0, 3).forEach(i -> INVENTORY.willAnswer(200, "[%s]".formatted(told)));
      expectNothingPlaced(502, "The service of module 'inventory' answered something that is not understood.");
    }
    for (var told : List.of(users(2, 2), "[null]", "[%1$s,%1$s]".formatted(user(101)))) {
      IntStream.range(0, 3).forEach(i -> USERS.willAnswer(200, told));
      IntStream.range(0, 3).forEach(i -> INVENTORY.willAnswer(200, reservations(2, 2)));
      assertThat(api.get("/orders/1/details").body().path("missing").findValuesAsString("reason")).as(told).containsExactly(
          "The service of module 'users' answered something that is not understood.",
          "The service of module 'inventory' answered something that is not understood.");
    }
  }

  /** That a stranger knows no path says nothing of a user, and its refusal is none of the inventory's. */
  @Test
  void takesNoStrangersWordForTheOwners() {
    IntStream.range(0, 6).forEach(i -> USERS.willShowAPage(404));
    INVENTORY.willAnswer(200, "[]");
    assertThat(api.get("/orders/1/details").body().path("missing").findValuesAsString("reason")).containsExactly("The service of module 'users' answered 404.");
    expectNothingPlaced(502, "The service of module 'users' answered 404.");
    USERS.willAnswer(200, user(101));
    INVENTORY.reset();
    INVENTORY.willAnswer(200, "[%s]".formatted(PRODUCT))
        .willShowAPage(404).willShowAPage(403).willAnswer(200, RESERVED);
    var placed = order();
    assertThat(placed.status()).as(placed.body().toString()).isEqualTo(201);
    forget(placed.body().path("id").asLong());
  }

  private void expectNothingPlaced(int status, String detail) {
    var answer = order();
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.text("detail")).isEqualTo(detail);
    assertThat(answer.response().body()).doesNotContain("Exception", "\tat ");
    assertThat(jdbc.sql("select count(*) from orders.orders").query(Integer.class).single()).isEqualTo(ORDERS);
  }

  private Api.Answer order() {
    return api.post("/orders", "{'customerId': 101, 'items': [{'sku': 'FIG-1', 'quantity': 2}]}");
  }

  private void forget(long order) {
    for (var table : List.of("orders.checkout", "orders.order_line", "payments.payment")) {
      jdbc.sql("delete from %s where order_id = :order".formatted(table)).param("order", order).update();
    }
    jdbc.sql("delete from orders.orders where id = :order").param("order", order).update();
  }

  private static String user(long id) {
    var users = users((int) id - 100, (int) id - 100);
    return users.substring(1, users.length() - 1);
  }

  private static String users(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(i -> """
        {'id': %1$d, 'email': 'a@example.org', 'givenName': 'Ada', 'familyName': '%1$d', 'phone': null, 'bio': null, 'preferences': {},
         'revision': 1, 'createdAt': '2026-01-01T00:00:00Z', 'updatedAt': '2026-01-01T00:00:00Z'}""".formatted(100 + i))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String reservations(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(i ->
            "{'orderId': %d, 'status': 'RESERVED', 'lines': [{'sku': 'FIG-1', 'quantity': 2}]}".formatted(i))
        .collect(Collectors.joining(",", "[", "]"));
  }
}
