package shop.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.Api;
import shop.Api.Answer;
import shop.inventory.Inventory;
import shop.orders.FaultySteps.Fault;
import shop.payments.Payments;

/** Every step of a checkout, with every way to fail; on every database. After each case the books must be right. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"server.address=127.0.0.1",
    "shop.orders.checkout.answer-within=2s", "shop.orders.checkout.first-pause=2ms", "shop.orders.checkout.longest-pause=20ms",
    "shop.orders.checkout.lease=3s", "shop.orders.checkout.resume-every=20ms", "shop.orders.checkout.stuck-after=3"})
@Import(CheckoutContract.Faults.class)
abstract class CheckoutContract {

  private static final int ALWAYS = 1_000_000;

  @LocalServerPort int port;
  @Autowired FaultySteps steps;
  @Autowired CheckoutSaga saga;
  @Autowired OrdersByKey keys;
  @Autowired JdbcClient jdbc;

  private Api api;
  private ShopBooks books;
  long customer;

  @TestConfiguration
  static class Faults {

    @Bean
    @Primary
    FaultySteps faultySteps(Inventory inventory, Payments payments) {
      return new FaultySteps(inventory, payments);
    }
  }

  @BeforeEach
  void openBooks() {
    api = new Api(port);
    steps.reset();
    api.post("/inventory/products", "{'sku': 'SCARCE', 'name': 'Rare', 'price': 2, 'stock': 10}");
    jdbc.sql("update inventory.product set stock = 10 where sku = 'SCARCE'").update();
    jdbc.sql("delete from orders.idempotency_key").update();
    books = new ShopBooks(jdbc);
    customer = api.post("/users", "{'email': '%s@example.org', 'name': 'Ada'}".formatted(UUID.randomUUID())).body().path("id").asLong();
  }

  @AfterEach
  void expectRightBooks() {
    steps.heal();
    await("all checkouts to end").atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10)).until(() -> !books.areOpen());
    steps.deliverLate();
    books.expectRight();
  }

  static Stream<Arguments> cells() {
    return Stream.of(CheckoutState.PLACED, CheckoutState.AUTHORIZED, CheckoutState.CONFIRMED, CheckoutState.RELEASING, CheckoutState.VOIDING)
        .flatMap(state -> Stream.of(Fault.values()).map(fault -> Arguments.of(state, fault)));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void goesOnAfterAStepThatFailedTwice(CheckoutState state, Fault fault) {
    steps.fail(state, fault, 2);
    boolean rejected = state == CheckoutState.RELEASING || state == CheckoutState.VOIDING
        || fault == Fault.REFUSED && state.canBeRejected();
    var placed = order(isOnTheWayBack(state) ? 11 : 1);
    assertThat(placed.status()).as(placed.body().toString()).isEqualTo(rejected ? 409 : 201);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void waitsForAStepThatKeepsFailingAndShowsIt(CheckoutState state, Fault fault) {
    if (fault == Fault.REFUSED && state.canBeRejected()) {
      return;
    }
    steps.fail(state, fault, ALWAYS);
    long id = checkedOutBeside(isOnTheWayBack(state) ? 11 : 1);
    await("the stuck checkout").atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5)).until(() -> ids(api.get("/orders/checkouts")).contains(id));
    assertThat(api.get("/orders/checkouts/" + id).text("state")).isEqualTo(state.name());
    assertThat(api.get("/orders/checkouts/" + id).text("lastFailure")).isNotEmpty();
    var aborted = api.post("/orders/checkouts/%d/abort".formatted(id), "");
    assertThat(aborted.status()).isEqualTo(state.canBeRejected() ? 200 : 409);
    steps.heal();
    assertThat(api.post("/orders/checkouts/%d/retry".formatted(id), "").status()).isIn(200, 409);
    awaitStatus(id, state == CheckoutState.CONFIRMED ? "CONFIRMED" : "REJECTED");
    assertThat(api.get("/orders/checkouts").body().size()).isZero();
  }

  @Test
  void rejectsAnOrderThatIsNotConfirmedByItsDeadline() {
    steps.fail(CheckoutState.AUTHORIZED, Fault.LATE, ALWAYS);
    long id = checkedOutBeside(1);
    jdbc.sql("update orders.checkout set deadline = current_timestamp where order_id = :order").param("order", id).update();
    awaitStatus(id, "REJECTED");
    assertThat(api.get("/orders/" + id).text("rejection")).isEqualTo("The order could not be completed in time.");
  }

  @Test
  void refusesAReservationThatArrivesAfterItsOrderWasGivenUp() throws Exception {
    steps.stopAt(CheckoutState.AUTHORIZED);
    var placing = CompletableFuture.supplyAsync(() -> order(1));
    steps.awaitReached(CheckoutState.AUTHORIZED);
    long id = jdbc.sql("select max(order_id) from orders.checkout").query(Long.class).single();
    assertThat(api.post("/orders/checkouts/%d/abort".formatted(id), "").text("state")).isEqualTo("REJECTED");
    steps.letGo(CheckoutState.AUTHORIZED);
    assertThat(placing.join().status()).isEqualTo(409);
  }

  @Test
  void placesAnOrderOnceHoweverOftenItIsSent() {
    var first = order(1, "key-1");
    assertThat(first.status()).isEqualTo(201);
    var again = order(1, "\"key-1\"");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(api.get("/inventory/products/SCARCE").body().path("stock").asInt()).isEqualTo(9);
    assertThat(order(1, "key-2").body().path("id")).isNotEqualTo(first.body().path("id"));
  }

  @Test
  void tellsOfARejectedOrderAgainThatItWasRejected() {
    var first = order(11, "rejected");
    assertThat(first.status()).isEqualTo(409);
    jdbc.sql("update inventory.product set stock = 20 where sku = 'SCARCE'").update();
    assertThat(order(11, "rejected").body()).isEqualTo(first.body());
    jdbc.sql("update inventory.product set stock = 10 where sku = 'SCARCE'").update();
  }

  @Test
  void refusesAKeyForAnotherOrderAndWhatIsNoKey() {
    order(1, "taken");
    var other = order(2, "taken");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.header("Content-Type")).startsWith("application/problem+json");
    assertThat(other.text("detail")).isEqualTo("Idempotency-Key 'taken' was used for another order; nothing was placed. Take a new key for a new order.");
    for (var header : List.of("", "\"\"", "\"a", "a b", "\"a\", \"b\"", "a,b", "x".repeat(201))) {
      assertThat(order(1, header).status()).as(header).isEqualTo(400);
    }
    assertThat(order(1, "\"with \\\"quotes\\\" and, more\"").status()).isEqualTo(201);
    assertThat(api.get("/inventory/products/SCARCE").body().path("stock").asInt()).isEqualTo(8);
  }

  @Test
  void tellsThatAnOrderIsUnderWayWhileItsCustomerWaits() throws Exception {
    steps.stopAt(CheckoutState.AUTHORIZED);
    var placing = CompletableFuture.supplyAsync(() -> order(1, "waiting"));
    steps.awaitReached(CheckoutState.AUTHORIZED);
    var again = order(1, "waiting");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text("type")).isEqualTo("urn:shop:in-flight");
    assertThat(again.header("Retry-After")).isEqualTo("1");
    // As long after it as its customer has been answered.
    jdbc.sql("update orders.idempotency_key set created_at = created_at - interval '1' minute where key_text = 'waiting'").update();
    assertThat(order(1, "waiting").status()).isEqualTo(202);
    steps.letGo(CheckoutState.AUTHORIZED);
    assertThat(order(1, "waiting").header("Location")).isEqualTo(placing.join().header("Location"));
  }

  /** All of them find no order at first; one writes it, and the others meet its key. */
  @Test
  void placesAnOrderOnceHoweverManySendItAtATime() {
    long before = jdbc.sql("select count(*) from orders.orders").query(Long.class).single();
    var answers = Stream.generate(() -> CompletableFuture.supplyAsync(() -> order(1, "at a time".replace(' ', '-')))).limit(8).toList()
        .stream().map(CompletableFuture::join).toList();
    assertThat(answers).extracting(Answer::status).contains(201).isSubsetOf(201, 409);
    assertThat(jdbc.sql("select count(*) from orders.orders").query(Long.class).single()).isEqualTo(before + 1);
    assertThat(api.get("/inventory/products/SCARCE").body().path("stock").asInt()).isEqualTo(9);
  }

  @Test
  void remembersKeysForADay() {
    var first = order(1, "yesterday");
    longAgo("yesterday", 23);
    keys.forget();
    assertThat(order(1, "yesterday").body().path("id")).isEqualTo(first.body().path("id"));
    longAgo("yesterday", 2);
    keys.forget();
    assertThat(order(1, "yesterday").body().path("id")).isNotEqualTo(first.body().path("id"));
  }

  /** An owner is away over the weekend: who asks on Monday gets the order of Friday, and for a day more its outcome. */
  @Test
  void remembersKeysForAsLongAsTheirCheckoutIsUnderWayAndForADayAfterIt() {
    steps.fail(CheckoutState.VOIDING, Fault.BEFORE, ALWAYS);
    var first = order(11, "pending");
    assertThat(first.status()).isEqualTo(202);
    longAgo("pending", 72);
    keys.forget();
    assertThat(order(11, "pending").header("Location")).isEqualTo(first.header("Location"));
    steps.heal();
    awaitStatus(first.body().path("id").asLong(), "REJECTED");
    keys.forget();
    assertThat(order(11, "pending").status()).isEqualTo(409);
    assertThat(order(11, "pending").header("Location")).isEqualTo(first.header("Location"));
    longAgo("pending", 25);
    keys.forget();
    assertThat(jdbc.sql("select count(*) from orders.idempotency_key").query(Long.class).single()).isZero();
  }

  /** Puts the order of a key, and what was done for it of late, so many hours further back. */
  private void longAgo(String key, int hours) {
    var order = jdbc.sql("select order_id from orders.idempotency_key where key_text = :key").param("key", key).query(Long.class).single();
    jdbc.sql("update orders.idempotency_key set created_at = created_at - interval '%d' hour where key_text = :key".formatted(hours))
        .param("key", key).update();
    jdbc.sql("update orders.checkout set updated_at = updated_at - interval '%d' hour where order_id = :order".formatted(hours))
        .param("order", order).update();
  }

  @Test
  void sellsWhatIsThereAndNoMoreHoweverManyComeAtATime() {
    var orders = IntStream.range(0, 16).mapToObj(i -> CompletableFuture.supplyAsync(() -> order(1))).toList().stream()
        .map(CompletableFuture::join).toList();
    assertThat(orders.stream().filter(o -> o.status() == 201)).hasSize(10);
    assertThat(orders.stream().filter(o -> o.status() == 409)).hasSize(6);
    assertThat(api.get("/inventory/products/SCARCE").body().path("stock").asInt()).isZero();
  }

  @Test
  void severalProcessesAtOneCheckoutDoNoHarm() {
    steps.fail(CheckoutState.PLACED, Fault.BEFORE, ALWAYS);
    long id = checkedOutBeside(1);
    steps.heal();
    Stream.generate(() -> CompletableFuture.runAsync(() -> saga.run(id, Instant.now()))).limit(6).toList().forEach(CompletableFuture::join);
    awaitStatus(id, "CONFIRMED");
  }

  @Test
  void stepsMayBeAskedForAgainAndAreRefusedOnceTheirOrderWasGivenUp() {
    long id = order(2).body().path("id").asLong();
    var reservation = "{'lines': [{'sku': 'SCARCE', 'quantity': 2}]}";
    assertThat(api.put("/inventory/reservations/" + id, reservation).status()).isEqualTo(200);
    assertThat(api.put("/inventory/reservations/" + id, reservation.replace("2}", "3}")).status()).isEqualTo(409);
    assertThat(api.get("/inventory/products/SCARCE").body().path("stock").asInt()).isEqualTo(8);
    long given = order(11).body().path("orderId").asLong();
    assertThat(api.put("/inventory/reservations/" + given, reservation).status()).isEqualTo(409);
    assertThat(api.delete("/inventory/reservations/" + given).text("status")).isEqualTo("RELEASED");
    assertThat(api.get("/inventory/reservations?orders=%d,%d".formatted(id, given)).body().size()).isEqualTo(2);
  }

  private static boolean isOnTheWayBack(CheckoutState state) {
    return state == CheckoutState.RELEASING || state == CheckoutState.VOIDING;
  }

  /** Places an order whose customer does not wait, and returns its number. */
  private long checkedOutBeside(int quantity) {
    long last = jdbc.sql("select coalesce(max(id), 0) from orders.orders").query(Long.class).single();
    CompletableFuture.supplyAsync(() -> order(quantity));
    await("the order").pollInterval(Duration.ofMillis(2)).until(() -> !ids(api.get("/orders?after=" + last)).isEmpty());
    return ids(api.get("/orders?after=" + last)).get(0);
  }

  private void awaitStatus(long order, String status) {
    await("the order to be " + status).atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertThat(api.get("/orders/" + order).text("status")).isEqualTo(status));
  }

  Answer order(int quantity) {
    return api.post("/orders", "{'customerId': %d, 'items': [{'sku': 'SCARCE', 'quantity': %d}]}".formatted(customer, quantity));
  }

  Answer order(int quantity, String key) {
    return api.send("POST", "/orders", "{'customerId': %d, 'items': [{'sku': 'SCARCE', 'quantity': %d}]}".formatted(customer, quantity), "Idempotency-Key", key);
  }

  private static List<Long> ids(Answer answer) {
    return answer.body().valueStream().map(o -> o.has("orderId") ? o.path("orderId").asLong() : o.path("id").asLong()).toList();
  }
}
