package shop.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
    assertThat(placed.text("customerName")).isEqualTo("Ada");
    assertThat(placed.body().path("total").decimalValue()).isEqualByComparingTo("25.00");
    assertThat(api.get("/orders/" + id(placed)).body()).isEqualTo(placed.body());
    assertThat(stock("FIG-1")).isEqualTo(before - 2);
    var payment = api.get("/payments?limit=500").body().valueStream()
        .filter(p -> p.path("orderId").asLong() == id(placed)).findFirst().orElseThrow();
    assertThat(payment.path("amount").decimalValue()).isEqualByComparingTo("25.00");
  }

  @Test
  void takesNothingWhenOneOfTheProductsIsShort() {
    int before = stock("FIG-1");
    int payments = api.get("/payments?limit=500").body().size();
    api.post("/inventory/products", "{'sku': 'RARE', 'name': 'Rare', 'price': 1, 'stock': 1}");
    var answer = api.post("/orders", """
        {'customerId': %d, 'items': [{'sku': 'FIG-1', 'quantity': 1}, {'sku': 'RARE', 'quantity': 2}]}"""
        .formatted(register("Ada")));
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(stock("FIG-1")).isEqualTo(before);
    assertThat(api.get("/payments?limit=500").body().size()).isEqualTo(payments);
  }

  @Test
  void refundsAPaymentOnce() {
    order(register("Ada"), "SPADE-1", 1);
    long payment = api.get("/payments?limit=500").body().valueStream()
        .filter(p -> p.path("status").asString().equals("TAKEN")).findFirst().orElseThrow().path("id").asLong();
    assertThat(api.post("/payments/%d/refund".formatted(payment), "").text("status")).isEqualTo("REFUNDED");
    assertThat(api.post("/payments/%d/refund".formatted(payment), "").status()).isEqualTo(409);
  }

  @Test
  void refusesOrdersOfStrangersAndOfNothing() {
    assertThat(order(0, "FIG-1", 1).status()).isEqualTo(404);
    assertThat(order(register("Ada"), "NO-SUCH", 1).status()).isEqualTo(404);
    assertThat(order(register("Ada"), "FIG-1", 0).status()).isEqualTo(400);
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

  private int stock(String sku) {
    return api.get("/inventory/products/" + sku).body().path("stock").asInt();
  }

  private static long id(Answer answer) {
    return answer.body().path("id").asLong();
  }
}
