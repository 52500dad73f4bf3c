package shop.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import shop.Api;
import shop.Api.Answer;
import shop.users.UserId;

/** Orders, payments and stock over REST, and the customers' names that orders keep, on every database. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
    "server.address=127.0.0.1", "shop.inbox.every=50ms"})
abstract class OrdersContract {

  @LocalServerPort int port;
  @Autowired CustomerTable customers;
  Api api;

  @BeforeEach
  void connect() {
    api = new Api(port);
  }

  @Test
  void placesAnOrderThatIsPaidAndReserved() {
    int before = stock("FIG-1");
    var placed = order(register("Ada"), "FIG-1", 2);
    assertThat(placed.status()).isEqualTo(201);
    assertThat(placed.header("Location")).isEqualTo("/api/v1/orders/" + id(placed));
    assertThat(placed.text("customerName")).isEqualTo("Ada");
    assertThat(placed.text("status")).isEqualTo("CONFIRMED");
    assertThat(placed.body().path("total").decimalValue()).isEqualByComparingTo("25.00");
    assertThat(api.get("/orders/" + id(placed)).body()).isEqualTo(placed.body());
    assertThat(stock("FIG-1")).isEqualTo(before - 2);
    assertThat(payment(id(placed)).text("status")).isEqualTo("CAPTURED");
    assertThat(payment(id(placed)).body().path("amount").decimalValue()).isEqualByComparingTo("25.00");
  }

  @Test
  void takesNothingWhenOneOfTheProductsIsShort() {
    int before = stock("FIG-1");
    api.post("/inventory/products", "{'sku': 'RARE', 'name': 'Rare', 'price': 1, 'stock': 1}");
    var answer = api.post("/orders", """
        {'customerId': %d, 'items': [{'sku': 'FIG-1', 'quantity': 1}, {'sku': 'RARE', 'quantity': 2}]}"""
        .formatted(register("Ada")));
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.text("detail")).contains("was rejected: Product 'RARE' has fewer than 2 pieces left.");
    long order = answer.body().path("orderId").asLong();
    assertThat(answer.header("Location")).isEqualTo("/api/v1/orders/" + order);
    assertThat(api.get("/orders/" + order).text("status")).isEqualTo("REJECTED");
    assertThat(api.get("/orders/" + order).text("rejection")).isEqualTo("Product 'RARE' has fewer than 2 pieces left.");
    assertThat(stock("FIG-1")).isEqualTo(before);
    assertThat(payment(order).text("status")).isEqualTo("VOIDED");
  }

  @Test
  void takesNothingWhenThePaymentIsDeclined() {
    api.post("/inventory/products", "{'sku': 'GOLD', 'name': 'Gold', 'price': 600000, 'stock': 5}");
    var answer = order(register("Ada"), "GOLD", 2);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("detail")).contains("declined");
    assertThat(stock("GOLD")).isEqualTo(5);
    assertThat(payment(answer.body().path("orderId").asLong()).text("status")).isEqualTo("VOIDED");
  }

  @Test
  void takesAProductThatIsNamedTwiceOnceForAll() {
    int before = stock("FIG-1");
    var answer = api.post("/orders", """
        {'customerId': %d, 'items': [{'sku': 'FIG-1', 'quantity': 1}, {'sku': 'FIG-1', 'quantity': 2}]}"""
        .formatted(register("Ada")));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(stock("FIG-1")).isEqualTo(before - 3);
  }

  @Test
  void refusesAnOrderThatIsWorthMoreThanCanBeWrittenDown() {
    api.post("/inventory/products", "{'sku': 'SUN', 'name': 'Sun', 'price': 9999999999, 'stock': 1}");
    assertThat(order(register("Ada"), "SUN", 2).status()).isEqualTo(400);
  }

  @Test
  void restocksOnlyTheVersionThatIsNamed() {
    api.post("/inventory/products", "{'sku': 'VERSIONED', 'name': 'x', 'price': 1, 'stock': 5}");
    var seen = api.get("/inventory/products/VERSIONED").header("ETag");
    order(register("Ada"), "VERSIONED", 1);
    assertThat(api.put("/inventory/products/VERSIONED/stock", "{'stock': 9}", seen).status()).isEqualTo(412);
    assertThat(stock("VERSIONED")).isEqualTo(4);
    var now = api.get("/inventory/products/VERSIONED").header("ETag");
    assertThat(api.put("/inventory/products/VERSIONED/stock", "{'stock': 9}", now).status()).isEqualTo(200);
    assertThat(stock("VERSIONED")).isEqualTo(9);
  }

  @Test
  void refusesWhatCanBeNoIdentity() {
    assertThat(api.get("/inventory/products/" + "x".repeat(41)).status()).isEqualTo(400);
    assertThat(api.put("/inventory/products/%20/stock", "{'stock': 1}").status()).isEqualTo(400);
    assertThat(api.get("/payments?orders=1,,2").status()).isEqualTo(400);
    assertThat(api.get("/inventory/reservations?orders=1,,2").status()).isEqualTo(400);
  }

  /** Whoever has added one could neither look at it nor count it. */
  @ParameterizedTest
  @ValueSource(strings = {".", "..", "A/1", "A\\\\1", "A\\n1"})
  void refusesAProductThatNoPathCanName(String sku) {
    var answer = api.post("/inventory/products", "{'sku': '%s', 'name': 'x', 'price': 1, 'stock': 1}".formatted(sku));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("detail")).contains("cannot be part of a path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"A;1", "A%2F1", "A 1", "...", "Ä?#&+1"})
  void namesAProductByAPath(String sku) {
    var added = api.post("/inventory/products", "{'sku': '%s', 'name': 'x', 'price': 1, 'stock': 1}".formatted(sku));
    assertThat(api.get(added.header("Location").replace("/api/v1", "")).text("sku")).isEqualTo(sku);
  }

  @Test
  void refusesAReservationOfMoreThanCanBeCounted() {
    var line = "{'sku': 'FIG-1', 'quantity': 2147483647}";
    assertThat(api.put("/inventory/reservations/999999", "{'lines': [%s, %s]}".formatted(line, line)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483648", "-1", "1.5", "null", "1e10"})
  void refusesAStockThatCannotBeCounted(String stock) {
    assertThat(api.put("/inventory/products/FIG-1/stock", "{'stock': %s}".formatted(stock)).status()).isEqualTo(400);
    assertThat(api.post("/inventory/products", "{'sku': 'UNCOUNTED', 'name': 'x', 'price': 1, 'stock': %s}".formatted(stock)).status()).isEqualTo(400);
    assertThat(api.get("/inventory/products/UNCOUNTED").status()).isEqualTo(404);
  }

  @Test
  void refundsAPaymentOnce() {
    order(register("Ada"), "SPADE-1", 1);
    long payment = api.get("/payments?limit=500").body().valueStream()
        .filter(p -> p.path("status").asString().equals("CAPTURED")).findFirst().orElseThrow().path("id").asLong();
    assertThat(api.post("/payments/%d/refund".formatted(payment), "").text("status")).isEqualTo("REFUNDED");
    assertThat(api.post("/payments/%d/refund".formatted(payment), "").status()).isEqualTo(409);
  }

  @Test
  void refusesOrdersOfStrangersAndOfNothing() {
    assertThat(order(0, "FIG-1", 1).status()).isEqualTo(404);
    assertThat(order(register("Ada"), "NO-SUCH", 1).status()).isEqualTo(404);
    assertThat(order(register("Ada"), "FIG-1", 0).status()).isEqualTo(400);
    assertThat(api.post("/orders", "{'customerId': %d, 'items': [{'sku': 'FIG-1', 'quantity': 1.9}]}".formatted(register("Ada"))).status()).isEqualTo(400);
    assertThat(api.post("/orders", "{'items': []}").status()).isEqualTo(400);
  }

  @Test
  void followsTheNameOfACustomer() {
    long ada = register("Ada");
    long order = id(order(ada, "FIG-1", 1));
    api.put("/users/" + ada, "{'name': 'Ada King'}");
    awaitName(order, "Ada King");
  }

  @Test
  void keepsTheLatestNameInWhateverOrderUpdatesArrive() {
    long ada = register("Ada");
    long order = id(order(ada, "FIG-1", 1));
    customers.note(new UserId(ada), "Third", 3);
    customers.note(new UserId(ada), "Second", 2);
    customers.note(new UserId(ada), "Third", 3);
    assertThat(api.get("/orders/" + order).text("customerName")).isEqualTo("Third");
  }

  private void awaitName(long order, String name) {
    await().untilAsserted(() -> assertThat(api.get("/orders/" + order).text("customerName")).isEqualTo(name));
  }

  private long register(String name) {
    return id(api.post("/users", "{'email': '%s@example.org', 'name': '%s'}".formatted(UUID.randomUUID(), name)));
  }

  private Answer order(long customer, String sku, int quantity) {
    return api.post("/orders", "{'customerId': %d, 'items': [{'sku': '%s', 'quantity': %d}]}"
        .formatted(customer, sku, quantity));
  }

  private Answer payment(long order) {
    var payments = api.get("/payments?orders=" + order);
    assertThat(payments.body().size()).isEqualTo(1);
    return api.get("/payments/" + payments.body().get(0).path("id").asLong());
  }

  private int stock(String sku) {
    return api.get("/inventory/products/" + sku).body().path("stock").asInt();
  }

  private static long id(Answer answer) {
    return answer.body().path("id").asLong();
  }
}
