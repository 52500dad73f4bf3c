package shop.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.Api;
import shop.inventory.Inventory;
import shop.orders.FaultySteps.Fault;
import shop.payments.Payments;

/** How long a checkout waits and when it gives up, by a clock of the test's: nobody sleeps here. */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"server.address=127.0.0.1", "shop.orders.checkout.resume-every=1h"})
class CheckoutPatienceIntegrationTests {

  private static final int ALWAYS = 1_000_000;
  private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.parse("2026-12-01T08:00:00Z"));
  private static final List<Long> PAUSES = new CopyOnWriteArrayList<>();

  @LocalServerPort int port;
  @Autowired FaultySteps steps;
  @Autowired CheckoutRecovery recovery;
  @Autowired CheckoutTable checkouts;
  @Autowired JdbcClient jdbc;
  private Api api;

  @TestConfiguration
  static class Time {

    @Bean
    @Primary
    Pace paceOfTest() {
      InstantSource now = NOW::get;
      Clock clock = now.withZone(ZoneOffset.UTC);
      return new Pace(clock, pause -> {
        PAUSES.add(pause.toMillis());
        later(pause);
        return true;
      });
    }

    @Bean
    @Primary
    FaultySteps faultySteps(Inventory inventory, Payments payments) {
      return new FaultySteps(inventory, payments);
    }
  }

  @BeforeEach
  void begin() {
    api = new Api(port);
    steps.reset();
    PAUSES.clear();
  }

  @Test
  void waitsTwiceAsLongWithEachFailureAndNoLongerThanTheCustomerDoes() {
    steps.fail(CheckoutState.AUTHORIZED, Fault.BEFORE, ALWAYS);
    long order = placed();
    assertThat(PAUSES).containsExactly(50L, 100L, 200L, 400L, 800L);
    assertThat(checkouts.due(NOW.get().plusMillis(1599), 9)).isEmpty();
    assertThat(checkouts.due(NOW.get().plusMillis(1600), 9)).containsExactly(order);
    steps.heal();
    later(Duration.ofMillis(1599));
    recovery.turn();
    assertThat(status(order)).isEqualTo("PENDING");
    later(Duration.ofMillis(1));
    awaitAfterATurn(order, "CONFIRMED");
    assertThat(PAUSES).hasSize(5);
  }

  @Test
  void givesAnOrderUpThatFailsBehindItsDeadline() {
    steps.fail(CheckoutState.AUTHORIZED, Fault.BEFORE, ALWAYS);
    var placedAt = NOW.get();
    long order = placed();
    NOW.set(placedAt.plusSeconds(30));
    recovery.turn();
    await().untilAsserted(() -> assertThat(checkouts.find(order).orElseThrow().attempts()).isEqualTo(7));
    assertThat(status(order)).isEqualTo("PENDING");
    later(Duration.ofSeconds(30));
    awaitAfterATurn(order, "REJECTED");
    assertThat(api.get("/orders/" + order).text("rejection")).isEqualTo("The order could not be completed in time.");
  }

  /** Looked for twice a second: a stack for each would fill the log as long as the database is away. */
  @Test
  void tellsOnceThatCheckoutsCannotBeFound(CapturedOutput output) {
    jdbc.sql("alter table orders.checkout rename to checkout_away").update();
    try {
      recovery.turn();
      recovery.turn();
    } finally {
      jdbc.sql("alter table orders.checkout_away rename to checkout").update();
    }
    recovery.turn();
    assertThat(output.getAll().split("Checkouts that nobody works at cannot be found", -1)).hasSize(2);
  }

  /** A process that was killed leaves a lease behind; nobody goes on before it is over. */
  @Test
  void leavesACheckoutToWhoeverHasItUntilTheLeaseIsOver() {
    steps.fail(CheckoutState.AUTHORIZED, Fault.BEFORE, ALWAYS);
    long order = placed();
    steps.heal();
    later(Duration.ofMinutes(1));
    assertThat(checkouts.claim(order, NOW.get(), NOW.get().plusSeconds(10))).isTrue();
    later(Duration.ofMillis(9_999));
    assertThat(checkouts.due(NOW.get(), 9)).doesNotContain(order);
    later(Duration.ofMillis(1));
    awaitAfterATurn(order, "CONFIRMED");
  }

  /** One is at an owner that does not answer; the other goes on all the same. */
  @Test
  void goesOnWithOthersBesideOneThatHangs() throws Exception {
    steps.fail(CheckoutState.AUTHORIZED, Fault.BEFORE, ALWAYS);
    var orders = List.of(placed(), placed());
    steps.heal();
    steps.stopAt(CheckoutState.AUTHORIZED);
    later(Duration.ofMinutes(1));
    var turn = CompletableFuture.runAsync(recovery::turn);
    steps.awaitReached(CheckoutState.AUTHORIZED);
    try {
      await().until(() -> orders.stream().map(this::status).toList(), statuses -> statuses.containsAll(List.of("CONFIRMED", "PENDING")));
    } finally {
      steps.letGo(CheckoutState.AUTHORIZED);
    }
    turn.join();
    await().until(() -> orders.stream().map(this::status).toList(), statuses -> statuses.equals(List.of("CONFIRMED", "CONFIRMED")));
  }

  private void awaitAfterATurn(long order, String status) {
    recovery.turn();
    await().untilAsserted(() -> assertThat(status(order)).isEqualTo(status));
  }

  private static void later(Duration by) {
    NOW.updateAndGet(now -> now.plus(by));
  }

  private String status(long order) {
    return api.get("/orders/" + order).text("status");
  }

  private long placed() {
    long customer = api.post("/users", "{'email': '%s@example.org', 'name': 'Ada'}".formatted(UUID.randomUUID())).body().path("id").asLong();
    var order = api.post("/orders", "{'customerId': %d, 'items': [{'sku': 'FIG-1', 'quantity': 1}]}".formatted(customer));
    assertThat(order.status()).isEqualTo(202);
    return order.body().path("id").asLong();
  }
}
