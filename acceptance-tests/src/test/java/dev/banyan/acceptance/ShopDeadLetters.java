package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;

/** An event that cannot be applied: a person sees it, mends the cause, and sends it again; others go on meanwhile. */
final class ShopDeadLetters {

  private static final Duration WITHIN = Duration.ofSeconds(30);

  private final Stage stage;
  private final Http proxy;

  ShopDeadLetters(Stage stage, Http proxy) {
    this.stage = stage;
    this.proxy = proxy;
  }

  /** Returns the environment of a shop that gives events up soon. */
  static Map<String, String> impatience() {
    return Map.of("SHOP_INBOX_ATTEMPTS", "2", "SHOP_INBOX_BACKOFF", "100ms");
  }

  void expectSentAgain(long poisoned, long order, long other, long orderOfOther) throws Exception {
    stage.monolithServer().execute("shop", "alter table orders.orders add constraint no_poison check (customer_name <> 'Poison')");
    rename(poisoned, "Poison");
    await("the dead letter").atMost(WITHIN).untilAsserted(() -> assertThat(letter(poisoned)).isNotNull());
    rename(poisoned, "Antidote");
    rename(other, "Another");
    await("what is not poisoned").atMost(WITHIN).untilAsserted(() -> assertThat(name(orderOfOther)).isEqualTo("Another"));
    assertThat(name(order)).as("held back behind the dead letter").isEqualTo("Ada");
    JsonNode letter = letter(poisoned);
    assertThat(letter.path("error").asText()).contains("no_poison");
    assertThat(Files.readString(stage.folder().resolve("monolith.log"))).contains("no_poison").doesNotContain("Failing row contains");

    stage.monolithServer().execute("shop", "alter table orders.orders drop constraint no_poison");
    String id = letter.path("event").path("id").asText();
    assertThat(proxy.post("/api/v1/orders/dead-letters/%s/send-again".formatted(id), "").status()).isEqualTo(202);
    await("what was held back").atMost(WITHIN).untilAsserted(() -> assertThat(name(order)).isEqualTo("Antidote"));
    assertThat(letter(poisoned)).isNull();
  }

  private void rename(long user, String name) throws IOException, InterruptedException {
    assertThat(proxy.put("/api/v1/users/" + user, "{\"name\": \"%s\"}".formatted(name)).status()).isEqualTo(200);
  }

  private JsonNode letter(long user) throws IOException, InterruptedException {
    for (JsonNode letter : proxy.get("/api/v1/orders/dead-letters").body()) {
      if (letter.path("event").path("aggregate").asText().equals(Long.toString(user))) {
        return letter;
      }
    }
    return null;
  }

  private String name(long order) throws IOException, InterruptedException {
    return proxy.get("/api/v1/orders/" + order).body().path("customerName").asText();
  }
}
