package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A copied name that somebody has changed by SQL: measured, told, healed over REST and by the command. */
final class ShopCopies {

  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final String NAME = "orders.customerName";

  private final Stage stage;
  private final Collector collector;
  private final Http monolith;

  ShopCopies(Stage stage, Collector collector) {
    this.stage = stage;
    this.collector = collector;
    this.monolith = new Http(stage.monolithUrl());
  }

  /** Returns the environment of a shop in which a value may differ for a short time only. */
  static Map<String, String> impatience() {
    return Map.of("SHOP_COPIES_MAXAGE", "2s", "SHOP_COPIES_EVERY", "500ms");
  }

  void expectRebuilt(long order) throws Exception {
    damage(order);
    JsonNode rebuilt = monolith.post("/api/v1/orders/customers/rebuild", "").body();
    assertThat(rebuilt.path("corrected").asLong()).as(rebuilt.toString()).isEqualTo(1);
    assertThat(name(order)).isEqualTo("Ada");
  }

  void expectHealedOverRest(long order) throws Exception {
    int alerts = collector.alerts().size();
    damage(order);
    await("the metrics to show it").atMost(WITHIN).untilAsserted(() -> assertThat(metric("shop_copy_stale")).isEqualTo(1));
    await("the age to show it").atMost(WITHIN).untilAsserted(() -> assertThat(metric("shop_copy_stale_age_seconds")).isGreaterThanOrEqualTo(2));
    await("the alert").atMost(WITHIN).until(() -> collector.alerts().stream().skip(alerts).anyMatch(
        alert -> alert.contains("\"state\":\"stale\"") && alert.contains(NAME)));
    assertThat(Files.readString(stage.folder().resolve("monolith.log"))).contains("Copy 'orders.customerName' of 'users.name': 1 values differ");
    assertThat(metric("shop_copy_lag_seconds")).isBetween(0.0, 30.0);
    assertThat(monolith.text("/actuator/prometheus")).contains("shop_subscription_lag_seconds{", "subscription=\"orders.customers\"");
    JsonNode healed = monolith.post("/api/v1/copies/%s/heal".formatted(NAME), "").body();
    assertThat(healed.path("stale").asLong(-1)).as(healed.toString()).isZero();
    assertThat(name(order)).isEqualTo("Ada");
    await("the metrics to forget it").atMost(WITHIN).untilAsserted(() -> assertThat(metric("shop_copy_stale")).isZero());
  }

  void expectHealedByCommand(long order) throws Exception {
    Path plan = stage.writePlan();
    await("drift to find nothing").atMost(WITHIN).untilAsserted(() -> {
      Stage.Answer good = Verbs.ask("drift", plan.toString(), "--compare");
      assertThat(good.exitCode()).as(good.json().toString()).isZero();
      assertThat(good.json().path("copies").findValuesAsText("name")).containsExactlyInAnyOrder(NAME, "reporting.customerName");
    });
    damage(order);
    await("drift to refuse").atMost(WITHIN).untilAsserted(() -> {
      Stage.Answer found = Verbs.ask("drift", plan.toString(), "--compare");
      assertThat(found.exitCode()).as(found.json().toString()).isEqualTo(1);
      assertThat(copy(found).path("verdict").asText()).isEqualTo("STALE");
      assertThat(copy(found).path("stale").asLong()).isEqualTo(1);
    });
    Stage.Answer healed = stage.verb("drift", plan.toString(), "--heal");
    assertThat(healed.exitCode()).as(healed.json().toString()).isZero();
    assertThat(copy(healed).path("verdict").asText()).isEqualTo("EQUAL");
    assertThat(copy(healed).path("staleBefore").asLong()).isEqualTo(1);
    assertThat(name(order)).isEqualTo("Ada");
  }

  /** Past the application, as a person with SQL does it; orders never leave the monolith. */
  private void damage(long order) throws SQLException {
    stage.monolithServer().execute("shop", "update orders.orders set customer_name = 'x' where id = " + order);
  }

  private static JsonNode copy(Stage.Answer answer) {
    for (JsonNode copy : answer.json().path("copies")) {
      if (copy.path("name").asText().equals(NAME)) {
        return copy;
      }
    }
    throw new AssertionError("no copy " + NAME + " in " + answer.json());
  }

  private double metric(String name) throws IOException, InterruptedException {
    Matcher line = Pattern.compile("(?m)^%s\\{[^}]*copy=\"%s\"[^}]*} (\\S+)".formatted(name, NAME)).matcher(monolith.text("/actuator/prometheus"));
    assertThat(line.find()).as(name).isTrue();
    return Double.parseDouble(line.group(1));
  }

  private String name(long order) throws IOException, InterruptedException {
    return monolith.get("/api/v1/orders/" + order).body().path("customerName").asText();
  }
}
