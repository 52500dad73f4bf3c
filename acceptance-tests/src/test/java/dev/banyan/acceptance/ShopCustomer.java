package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** What customers do in the shop, and see of it, through the proxy. */
final class ShopCustomer {

  private static final Duration WITHIN = Duration.ofSeconds(30);

  private final Http proxy;

  ShopCustomer(Http proxy) {
    this.proxy = proxy;
  }

  Map<Integer, Integer> orderUntil(AtomicBoolean there, long customer) {
    Map<Integer, Integer> answers = new TreeMap<>();
    while (!there.get()) {
      answers.merge(orderBeside(customer).status(), 1, Integer::sum);
    }
    return answers;
  }

  Http.Answer orderBeside(long customer) {
    try {
      return order(customer, "FIG-1", 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void awaitOrdersAgain(long customer) {
    await("orders to be taken again").atMost(WITHIN).pollInterval(Duration.ofMillis(200)).until(() -> order(customer, "FIG-1", 1).status() == 201);
  }

  JsonNode details(JsonNode order) throws IOException, InterruptedException {
    return proxy.get("/api/v1/orders/%d/details".formatted(order.path("id").asLong())).body();
  }

  long register(String name) throws IOException, InterruptedException {
    Http.Answer answer = proxy.post("/api/v1/users", "{\"email\": \"%s@example.org\", \"name\": \"%s\"}".formatted(UUID.randomUUID(), name));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    return answer.body().path("id").asLong();
  }

  /** A customer asks again where an owner is not called for a while, because it was away in the check before. */
  JsonNode placed(long customer, String sku, int quantity) {
    Http.Answer answer = await("an order").atMost(WITHIN).pollInterval(Duration.ofMillis(200))
        .until(() -> order(customer, sku, quantity), placed -> placed.status() != 503);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    return answer.body();
  }

  Http.Answer order(long customer, String sku, int quantity) throws IOException, InterruptedException {
    return proxy.post("/api/v1/orders", "{\"customerId\": %d, \"items\": [{\"sku\": \"%s\", \"quantity\": %d}]}".formatted(customer, sku, quantity));
  }

  int stock(String sku) throws IOException, InterruptedException {
    return proxy.get("/api/v1/inventory/products/" + sku).body().path("stock").asInt();
  }

  String payment(long order) throws IOException, InterruptedException {
    return proxy.get("/api/v1/payments?orders=" + order).body().path(0).path("status").asText();
  }

  void awaitName(long order, String name) {
    await("name " + name).atMost(WITHIN).pollInterval(Duration.ofMillis(50)).untilAsserted(
        () -> assertThat(proxy.get("/api/v1/orders/" + order).body().path("customerName").asText()).isEqualTo(name));
  }

  long orderOfAda() throws IOException, InterruptedException {
    return placed(register("Ada"), "FIG-1", 1).path("id").asLong();
  }
}
