package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.demo.stage.Stage;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What people see who run the shop: traces, health, numbers, lines of the log. */
final class ShopOperations {

  private static final Duration WITHIN = Duration.ofSeconds(30);

  private final Stage stage;
  private final ShopSetting setting;
  private final Collector collector;
  private final Http proxy;
  private final ShopCustomer shop;

  ShopOperations(Stage stage, ShopSetting setting, Collector collector) {
    this.stage = stage;
    this.setting = setting;
    this.collector = collector;
    this.proxy = new Http(stage.proxyUrl());
    this.shop = new ShopCustomer(proxy);
  }

  void leavesOneTrace() throws Exception {
    expectOneTrace("/api/v1/orders/%d/details".formatted(shop.orderOfAda()));
  }

  /** Each owner is a process of its own, and takes part once. */
  void asksEachOwnerOnceForAPage() throws Exception {
    shop.orderOfAda();
    String page = "/api/v1/orders/details?after=0&limit=50";
    assertThat(proxy.get(page).body()).hasSizeBetween(5, 50).allSatisfy(details -> assertThat(details.path("missing")).isEmpty());
    expectOneTrace(page);
  }

  /** Whoever takes part goes on from whoever called it, with nobody missing in between. */
  private void expectOneTrace(String path) throws Exception {
    String trace = UUID.randomUUID().toString().replace("-", "");
    String caller = "00f067aa0ba902b7";
    proxy.get(path, "00-%s-%s-01".formatted(trace, caller));
    await("the spans of a request").atMost(WITHIN).untilAsserted(() -> {
      List<Collector.Sent> spans = collector.ofTrace(trace);
      assertThat(spans).filteredOn(sent -> sent.span().getKind() == Span.SpanKind.SPAN_KIND_SERVER).extracting(Collector.Sent::service)
          .containsExactlyInAnyOrderElementsOf(setting.processes());
      assertThat(spans).extracting(Collector.Sent::parent).allMatch(
          parent -> parent.equals(caller) || spans.stream().anyMatch(sent -> sent.id().equals(parent)));
    });
    assertThat(Files.readAllLines(stage.folder().resolve("monolith.log"))).filteredOn(line -> line.startsWith("{") && line.contains(trace))
        .first().satisfies(line -> assertThat(new ObjectMapper().readTree(line).path("traceId").asText()).isEqualTo(trace));
  }

  void tellsItsHealth() throws Exception {
    List<URI> processes = new ArrayList<>(List.of(stage.monolithUrl(), stage.serviceUrl()));
    if (setting == ShopSetting.USERS_AND_INVENTORY_OUT) {
      processes.add(stage.inventoryUrl());
    }
    for (URI process : processes) {
      for (String state : List.of("liveness", "readiness")) {
        assertThat(new Http(process).get("/actuator/health/" + state).body().path("status").asText()).as(process + " " + state).isEqualTo("UP");
      }
      assertThat(new Http(process).text("/actuator/prometheus")).as(process.toString()).contains("http_server_requests_seconds_count{");
    }
    assertThat(new Http(stage.dashboardUrl()).text("/metrics")).contains("banyan_proxy_failures_total{");
  }
}
