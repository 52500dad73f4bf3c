package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A checkout whose step fails again and again: a person sees it with the reason, gives it up, and hurries its end. */
final class ShopStuckCheckouts {

  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final String CHECKOUTS = "/api/v1/orders/checkouts";

  private final Stage stage;
  private final ShopSetting setting;
  private final Http proxy;
  private final ShopCustomer shop;

  ShopStuckCheckouts(Stage stage, ShopSetting setting) {
    this.stage = stage;
    this.setting = setting;
    this.proxy = new Http(stage.proxyUrl());
    this.shop = new ShopCustomer(proxy);
  }

  /** Returns the environment of a shop that calls somebody soon. */
  static Map<String, String> impatience() {
    return Map.of("SHOP_ORDERS_CHECKOUT_STUCKAFTER", "3");
  }

  void expectEndedByHand() throws Exception {
    long customer = shop.register("Ada");
    CompletableFuture<Http.Answer> answer;
    long order;
    try (Connection inventory = setting.connect(stage, "inventory")) {
      setWritable(inventory, "revoke", "from");
      try {
        answer = CompletableFuture.supplyAsync(() -> shop.orderBeside(customer));
        order = await("the stuck checkout").atMost(WITHIN).pollInterval(Duration.ofMillis(50)).until(this::stuck, one -> !one.isMissingNode())
            .path("orderId").asLong();
        JsonNode stuck = proxy.get(CHECKOUTS + "/" + order).body();
        assertThat(stuck.path("state").asText()).as(stuck.toString()).isEqualTo("AUTHORIZED");
        assertThat(stuck.path("lastFailure").asText()).isNotEmpty();
        assertThat(proxy.post(CHECKOUTS + "/%d/abort".formatted(order), "").status()).isEqualTo(200);
      } finally {
        setWritable(inventory, "grant", "to");
      }
    }
    await("the retry").atMost(WITHIN).until(() -> proxy.post(CHECKOUTS + "/%d/retry".formatted(order), "").status(), status -> status == 200 || status == 409);
    await("the end").atMost(WITHIN).untilAsserted(() -> assertThat(proxy.get("/api/v1/orders/" + order).body().path("rejection").asText())
        .isEqualTo("The order was aborted by hand."));
    assertThat(answer.join().status()).isIn(202, 409);
    assertThat(shop.payment(order)).isEqualTo("VOIDED");
    assertThat(stuck().isMissingNode()).isTrue();
  }

  private JsonNode stuck() throws IOException, InterruptedException {
    return proxy.get(CHECKOUTS).body().path(0);
  }

  /** The owner of the table is the role that the inventory runs as. */
  private static void setWritable(Connection inventory, String verb, String preposition) throws SQLException {
    try (Statement statement = inventory.createStatement()) {
      statement.execute("do $$ begin execute (select format('%s insert on inventory.reservation %s %%I', relowner::regrole) from pg_class where oid = 'inventory.reservation'::regclass); end $$"
          .formatted(verb, preposition));
    }
  }
}
