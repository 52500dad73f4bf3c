package shop.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.Api;
import shop.outbox.PublishedEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The read model, as it follows the other modules and is built anew, on every database. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"server.address=127.0.0.1", "shop.inbox.every=20ms"})
abstract class ReportingContract {

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired ReportedNames names;
  @Autowired Projection projection;
  Api api;

  @BeforeEach
  void connect() {
    api = new Api(port);
  }

  @Test
  void tellsWhatWasSoldToACustomerAndHowOldThatIs() {
    long ada = register("Ada");
    api.put("/users/" + ada, "{'name': 'Ada K'}");
    long first = order(ada);
    long refunded = order(ada);
    long payment = api.get("/payments?limit=500").body().valueStream()
        .filter(p -> p.path("orderId").asLong() == refunded).findFirst().orElseThrow().path("id").asLong();
    api.post("/payments/%d/refund".formatted(payment), "");
    await().untilAsserted(() -> {
      var answer = api.get("/reporting/customers/" + ada).body();
      assertThat(answer.path("lagMillis").asLong()).isLessThan(10_000);
      var row = answer.path("rows").get(0);
      assertThat(row.path("name").asString()).isEqualTo("Ada K");
      assertThat(row.path("changes").asLong()).isEqualTo(1);
      assertThat(row.path("orders").asLong()).isEqualTo(2);
      assertThat(row.path("revenue").decimalValue()).isEqualByComparingTo("12.50");
    });
    await().untilAsserted(() -> assertThat(history(ada)).extracting(row -> row.path("status").asString()).containsExactly("CONFIRMED", "CONFIRMED"));
    await().untilAsserted(() -> assertThat(history(ada)).extracting(row -> row.path("stock").asString("")).containsOnly("RESERVED"));
    var history = history(ada);
    assertThat(Instant.parse(history.get(0).path("placedAt").asString()))
        .isEqualTo(Instant.parse(api.get("/orders/" + first).body().path("placedAt").asString()));
    assertThat(history.get(1).path("refunded").decimalValue()).isEqualByComparingTo("12.50");
    assertThat(api.get("/reporting/customers/0").status()).isEqualTo(404);
  }

  /** The inbox forgets in time, and a source that changes its address tells everything again. */
  @Test
  void countsAnEventOnceThatIsToldAgainWhenTheInboxHasForgottenIt() {
    long ada = register("Ada");
    api.put("/users/" + ada, "{'name': 'Ada K'}");
    await().until(() -> row(ada).path("changes").asLong(0) == 1);
    jdbc.sql("delete from reporting.inbox where subscription = 'reporting.users'").update();
    await().until(() -> isToldAgain(ada));
    assertThat(row(ada).path("changes").asLong()).isEqualTo(1);
  }

  private boolean isToldAgain(long user) {
    boolean told = jdbc.sql("select count(*) from reporting.inbox where subscription = 'reporting.users' and aggregate = :user")
        .param("user", Long.toString(user)).query(Integer.class).single() == 2;
    if (!told) {
      jdbc.sql("delete from reporting.inbox_cursor where subscription = 'reporting.users'").update();
    }
    return told;
  }

  /** Whoever reads while it is rebuilt sees no moment with less than was there before. */
  @Test
  void isBuiltAnewWhileItIsReadAndWritten() {
    long ada = register("Ada");
    order(ada);
    await().until(() -> orders(ada) == 1);
    var done = new AtomicBoolean();
    var writer = CompletableFuture.supplyAsync(() -> {
      int placed = 1;
      for (; !done.get(); placed++) {
        order(ada);
      }
      return placed;
    });
    var reader = CompletableFuture.runAsync(() -> {
      for (long seen = 1; !done.get(); ) {
        long now = orders(ada);
        assertThat(now).isGreaterThanOrEqualTo(seen);
        seen = now;
      }
    });
    int rebuilds = 5;
    int first = generation();
    for (int i = 0; i < rebuilds; i++) {
      jdbc.sql("update reporting.order_history set paid = 0 where customer_id = :ada").param("ada", ada).update();
      assertThat(api.post("/reporting/rebuild", "").status()).isEqualTo(200);
    }
    done.set(true);
    reader.join();
    int placed = writer.join();
    await().untilAsserted(() -> assertThat(row(ada).path("revenue").decimalValue()).isEqualByComparingTo("" + placed * 12.5));
    assertThat(orders(ada)).isEqualTo(placed);
    assertThat(generation()).isEqualTo(first + rebuilds);
    assertThat(jdbc.sql("select count(distinct generation) from reporting.order_history").query(Integer.class).single()).isEqualTo(1);
  }

  @Test
  void letsOneOfTwoRebuildsWin() {
    order(register("Ada"));
    var rebuilds = new CompletableFuture<?>[8];
    for (int i = 0; i < rebuilds.length; i++) {
      rebuilds[i] = CompletableFuture.runAsync(() -> assertThat(api.post("/reporting/rebuild", "").status()).isIn(200, 409));
    }
    CompletableFuture.allOf(rebuilds).join();
    assertThat(jdbc.sql("select count(distinct generation) from reporting.customer").query(Integer.class).single()).isEqualTo(1);
  }

  @Test
  void declaresItsNamesAsACopyAndHealsThem() {
    long ada = register("Ada");
    await().until(() -> row(ada).path("name").asString("").equals("Ada"));
    jdbc.sql("update reporting.customer set name = 'x' where customer_id = :ada").param("ada", ada).update();
    var compared = api.post("/copies/reporting.customerName/compare", "").body();
    assertThat(compared.path("keys")).extracting(JsonNode::asLong).contains(ada);
    assertThat(compared.path("owner").asString()).isEqualTo("users.name");
    assertThat(compared.path("lagMillis").isNull()).isFalse();
    assertThat(api.post("/copies/reporting.customerName/heal", "").body().path("stale").asLong(-1)).isZero();
    assertThat(row(ada).path("name").asString()).isEqualTo("Ada");
    api.put("/users/" + ada, "{'name': 'Ada K'}");
    await().until(() -> row(ada).path("name").asString("").equals("Ada K"));
  }

  /** What events have told of a user is as true as the owner's answer, and may be newer. */
  @Test
  void healsANameThatIsStillAsItWasCompared() {
    long ada = register("Ada");
    await().until(() -> row(ada).path("name").asString("").equals("Ada"));
    jdbc.sql("update reporting.customer set name = 'x' where customer_id = :ada").param("ada", ada).update();
    var found = names.compare(Long.toString(ada - 1)).differences().get(0);
    jdbc.sql("update reporting.customer set name = 'newer', version = 5 where customer_id = :ada").param("ada", ada).update();
    assertThat(names.heal(found)).isFalse();
    assertThat(row(ada).path("name").asString()).isEqualTo("newer");
    assertThat(names.compare(Long.toString(ada - 1)).differences().get(0).isAhead()).isTrue();
    jdbc.sql("update reporting.customer set name = 'Ada', version = 0 where customer_id = :ada").param("ada", ada).update();
  }

  /** Told by two owners, the events of an order's stock come in another order where one of them was away for longer than the patience. */
  @Test
  void keepsAReleaseThatIsToldBeforeItsReservation() {
    long order = 4_712;
    int generation = generation();
    projection.apply(generation, stock("StockReleased", order, 2));
    projection.apply(generation, stock("StockReserved", order, 1));
    assertThat(jdbc.sql("select stock from reporting.order_history where order_id = :order").param("order", order).query(String.class).single())
        .isEqualTo("RELEASED");
  }

  private static PublishedEvent stock(String type, long order, long version) {
    return new PublishedEvent("", UUID.randomUUID(), type, "order:" + order, version, JsonNodeFactory.instance.objectNode().put("orderId", order), Instant.now());
  }

  private int generation() {
    return jdbc.sql("select generation from reporting.read_model").query(Integer.class).single();
  }

  private long orders(long customer) {
    return row(customer).path("orders").asLong(0);
  }

  private JsonNode history(long customer) {
    return api.get("/reporting/customers/%d/orders".formatted(customer)).body().path("rows");
  }

  private JsonNode row(long customer) {
    return api.get("/reporting/customers/" + customer).body().path("rows").path(0);
  }

  long register(String name) {
    return api.post("/users", "{'email': '%s@example.org', 'name': '%s'}".formatted(UUID.randomUUID(), name)).body().path("id").asLong();
  }

  private long order(long customer) {
    return api.post("/orders", "{'customerId': %d, 'items': [{'sku': 'FIG-1', 'quantity': 1}]}".formatted(customer)).body().path("id").asLong();
  }
}
