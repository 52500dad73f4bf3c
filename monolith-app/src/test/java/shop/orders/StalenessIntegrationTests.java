package shop.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.Api;
import shop.ServiceStub;
import shop.TestPostgres;
import shop.copies.CopyMonitor;

/** A copied name that is not its owner's: measured, told when it stays so, healed. */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"server.address=127.0.0.1", "shop.copies.every=1h", "shop.inbox.every=1h"})
class StalenessIntegrationTests {

  private static final ServiceStub WEBHOOK = new ServiceStub();
  private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.parse("2026-12-01T08:00:00Z"));

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired CopyMonitor monitor;
  @Autowired MeterRegistry meters;
  Api api;

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
    properties.add("shop.copies.webhook", () -> WEBHOOK.url() + "/alerts");
  }

  @TestConfiguration
  static class Time {

    @Bean
    Clock clockOfTest() {
      InstantSource now = NOW::get;
      return now.withZone(ZoneOffset.UTC);
    }
  }

  @AfterAll
  static void close() {
    WEBHOOK.close();
  }

  @BeforeEach
  void clear() {
    api = new Api(port);
    jdbc.sql("delete from orders.order_line").update();
    jdbc.sql("delete from orders.checkout").update();
    jdbc.sql("delete from orders.orders").update();
    jdbc.sql("delete from orders.customer").update();
    monitor.check();
    WEBHOOK.reset();
    WEBHOOK.willAnswer(204, "").willAnswer(204, "").willAnswer(204, "");
  }

  @Test
  void tellsOfACopyThatDiffersForLongerThanAllowedOnceAndOfItsEnd() {
    long ada = customer("Ada");
    damage(ada, "x");
    monitor.check();
    assertThat(gauge("shop.copy.stale")).isEqualTo(1);
    later(Duration.ofMinutes(59));
    monitor.check();
    assertThat(WEBHOOK.requests()).isEmpty();
    later(Duration.ofMinutes(2));
    monitor.check();
    monitor.check();
    assertThat(WEBHOOK.requests()).containsExactly("POST /alerts");
    assertThat(gauge("shop.copy.stale.age")).isEqualTo(61 * 60);
    var status = api.get("/copies").body().get(0);
    assertThat(status.path("keys").get(0).asLong()).isEqualTo(ada);
    assertThat(status.path("lagMillis").isNull()).isTrue();
    assertThat(status.path("owner").asString()).isEqualTo("users.name");

    assertThat(api.post("/copies/orders.customerName/heal", "").body().path("stale").asLong(-1)).isZero();
    assertThat(jdbc.sql("select distinct name from orders.customer").query(String.class).single()).isEqualTo("Ada");
    monitor.check();
    assertThat(WEBHOOK.requests()).hasSize(2);
    assertThat(gauge("shop.copy.stale")).isZero();
  }

  @Test
  void tellsTheWebhookAgainThatDidNotTakeTheAlert(CapturedOutput output) {
    WEBHOOK.reset();
    WEBHOOK.willAnswer(503, "").willHangUp().willAnswerAlways(204, "");
    damage(customer("Ada"), "x");
    monitor.check();
    later(Duration.ofMinutes(61));
    for (int check = 0; check < 4; check++) {
      monitor.check();
    }
    assertThat(WEBHOOK.requests()).hasSize(3);
    assertThat(output).contains("did not reach the webhook", "it answers 503").doesNotContain("/alerts");
  }

  /** Each comparison finds it on its way from one value to the next; it was never behind for long. */
  @Test
  void doesNotTakeACopyForStaleThatAlwaysFollows() {
    long ada = customer("Ada");
    rename(ada, "Ada K");
    monitor.check();
    later(Duration.ofMinutes(59));
    follow(ada, "Ada K", 1);
    rename(ada, "Ada L");
    monitor.check();
    later(Duration.ofMinutes(59));
    monitor.check();
    assertThat(WEBHOOK.requests()).isEmpty();
    assertThat(gauge("shop.copy.stale.age")).isEqualTo(59 * 60);
  }

  /** It changes between comparisons, and is always older than what its owner had an hour ago. */
  @Test
  void takesACopyForStaleThatMovesAndNeverCatchesUp() {
    long ada = customer("Ada");
    rename(ada, "Ada K");
    rename(ada, "Ada L");
    monitor.check();
    later(Duration.ofMinutes(59));
    follow(ada, "Ada K", 1);
    monitor.check();
    later(Duration.ofMinutes(2));
    monitor.check();
    assertThat(WEBHOOK.requests()).hasSize(1);
    assertThat(gauge("shop.copy.stale.age")).isEqualTo(61 * 60);
  }

  /** As of a process that was started a moment ago, and knows nothing of earlier comparisons. */
  @Test
  void tellsAtOnceOfAnUpdateThatWasMissedForLongerThanAllowed() {
    rename(customer("Ada"), "Ada K");
    later(Duration.ofMinutes(61));
    monitor.check();
    assertThat(WEBHOOK.requests()).hasSize(1);
    assertThat(gauge("shop.copy.stale.age")).isEqualTo(61 * 60);
  }

  @Test
  void tellsWhenTheOwnerIsOutOfReachForLongerThanAValueMayDiffer(CapturedOutput output) {
    damage(customer("Ada"), "x");
    monitor.check();
    jdbc.sql("alter table users.account rename to account_out_of_reach").update();
    try {
      later(Duration.ofMinutes(59));
      monitor.check();
      assertThat(WEBHOOK.requests()).isEmpty();
      later(Duration.ofMinutes(2));
      monitor.check();
      monitor.check();
      assertThat(WEBHOOK.bodies()).singleElement().asString().contains("\"state\":\"unknown\"");
      assertThat(output).contains("Copy 'orders.customerName' of 'users.name' could not be compared with its owner for longer than the 3600 s");
      assertThat(gauge("shop.copy.compared.age")).isEqualTo(61 * 60);
      assertThat(gauge("shop.copy.stale.age")).as("nobody knows").isZero();
    } finally {
      jdbc.sql("alter table users.account_out_of_reach rename to account").update();
    }
    monitor.check();
    assertThat(WEBHOOK.bodies()).last().asString().contains("\"state\":\"stale\"");
    api.post("/copies/orders.customerName/heal", "");
    monitor.check();
    assertThat(WEBHOOK.bodies()).last().asString().contains("\"state\":\"healed\"");
  }

  /** A newer copy may be right, and the answer old; it is wrong if it stays so. */
  @Test
  void healsACopyThatIsNewerThanItsOwnerOnlyWhenItStaysSo() {
    long ada = customer("Ada");
    jdbc.sql("update orders.customer set name = 'lost', revision = 7 where user_id = :id").param("id", ada).update();
    monitor.check();
    assertThat(api.post("/copies/orders.customerName/heal", "").body().path("stale").asLong()).isEqualTo(1);
    later(Duration.ofMinutes(61));
    assertThat(api.post("/copies/orders.customerName/heal", "").body().path("stale").asLong(-1)).isZero();
  }

  @Test
  void comparesWhenAsked() {
    damage(customer("Ada"), "x");
    assertThat(api.get("/copies").body().get(0).path("stale").asLong(-1)).isZero();
    assertThat(api.post("/copies/orders.customerName/compare", "").body().path("stale").asLong(-1)).isEqualTo(1);
  }

  @Test
  void knowsNoOtherCopies() {
    assertThat(api.post("/copies/nothing/compare", "").status()).isEqualTo(404);
    assertThat(api.post("/copies/nothing/heal", "").status()).isEqualTo(404);
  }

  private double gauge(String name) {
    return meters.get(name).tag("copy", "orders.customerName").gauge().value();
  }

  private static void later(Duration by) {
    NOW.updateAndGet(now -> now.plus(by));
  }

  private void damage(long user, String name) {
    jdbc.sql("update orders.customer set name = :name where user_id = :id").param("name", name).param("id", user).update();
    jdbc.sql("update orders.orders set customer_name = :name where customer_id = :id").param("name", name).param("id", user).update();
  }

  private void rename(long user, String name) {
    assertThat(api.put("/users/" + user, "{'name': '%s'}".formatted(name)).status()).isEqualTo(200);
    // The database has a clock of its own.
    jdbc.sql("update users.account set updated_at = :now where id = :id").param("now", NOW.get().atOffset(ZoneOffset.UTC)).param("id", user).update();
  }

  /** As an event does. */
  private void follow(long user, String name, long revision) {
    damage(user, name);
    jdbc.sql("update orders.customer set revision = :revision where user_id = :id").param("revision", revision).param("id", user).update();
  }

  private long customer(String name) {
    long id = api.post("/users", "{'email': '%s@example.org', 'name': '%s'}".formatted(UUID.randomUUID(), name)).body().path("id").asLong();
    api.post("/orders", "{'customerId': %d, 'items': [{'sku': 'FIG-1', 'quantity': 1}]}".formatted(id));
    return id;
  }
}
