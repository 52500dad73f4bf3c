package dev.banyan.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.client.Owner;
import dev.banyan.proxy.route.ModuleState;
import dev.banyan.proxy.route.Route;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TelemetryIntegrationTests {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String SAMPLED = "00-%s-%s-01".formatted(TRACE, CALLER);

  private ProxyFixture proxy;
  private Collector collector;

  @BeforeEach
  void listen() throws Exception {
    proxy = new ProxyFixture();
    collector = new Collector(proxy.vertx);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
  }

  private void send(String parent) throws Exception {
    proxy.client.send(proxy.request("/api/v1/users/7?name=secret").header("traceparent", parent).build(), HttpResponse.BodyHandlers.ofString());
  }

  private List<String> parentsAtTheOrigin() {
    return proxy.monolith.received.get(0).headers().getAll("traceparent");
  }

  @Test
  void goesOnWithAClientsTraceAndTellsTheOrigin() throws Exception {
    proxy.environment(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url(), "OTEL_BSP_SCHEDULE_DELAY", "50")).start();
    send(SAMPLED);

    await().untilAsserted(() -> assertThat(collector.ofTrace(TRACE)).hasSize(2));
    Span served = span(SpanKind.SPAN_KIND_SERVER);
    Span sent = span(SpanKind.SPAN_KIND_CLIENT);
    assertThat(Collector.hex(served.getParentSpanId().toByteArray())).isEqualTo(CALLER);
    assertThat(sent.getParentSpanId()).isEqualTo(served.getSpanId());
    assertThat(parentsAtTheOrigin()).containsExactly("00-%s-%s-01".formatted(TRACE, Collector.hex(sent.getSpanId().toByteArray())));
  }

  private Span span(SpanKind kind) {
    return collector.ofTrace(TRACE).stream().filter(span -> span.getKind() == kind).findFirst().orElseThrow();
  }

  @Test
  void tellsTheOriginOfAWebSocketToo() throws Exception {
    proxy.environment(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())).start();
    proxy.client.newWebSocketBuilder().header("traceparent", SAMPLED)
        .buildAsync(URI.create("ws://127.0.0.1:%d/socket".formatted(proxy.port())), new WebSocket.Listener() { })
        .get(10, TimeUnit.SECONDS).abort();
    assertThat(parentsAtTheOrigin()).singleElement().asString().startsWith("00-" + TRACE).doesNotContain(CALLER);
  }

  @Test
  void beginsATraceWhereTheClientHasNone() throws Exception {
    proxy.environment(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())).start();
    proxy.get("/anything");
    assertThat(parentsAtTheOrigin()).singleElement().asString().matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]");
    // What has not been sent by then goes out when the proxy stops.
    proxy.stopProxy();
    assertThat(collector.spans).hasSize(2);
  }

  @Test
  void letsATracePassUntouchedWhereNobodyAsksForTraces() throws Exception {
    proxy.start();
    send(SAMPLED);
    assertThat(parentsAtTheOrigin()).containsExactly(SAMPLED);
    assertThat(collector.spans).isEmpty();
  }

  @Test
  void goesOnWhereNobodyTakesTheTraces() throws Exception {
    proxy.environment(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")).start();
    assertThat(proxy.get("/anything").statusCode()).isEqualTo(200);
    proxy.stopProxy();
  }

  @Test
  void refusesToStartWithVariablesThatCannotBeUsed() {
    assertThatThrownBy(() -> proxy.environment(Map.of("OTEL_TRACES_EXPORTER", "otlp,nobody")).start()).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("The variables OTEL_… cannot be used: ").hasMessageContaining("nobody");
  }

  @Test
  void tellsItsNumbersToPrometheus() throws Exception {
    proxy.staticModules(new ModuleState("users", "IN_SYNC", Owner.MONOLITH, 0, 1, false, Optional.empty(), Optional.empty(),
        Duration.ofSeconds(2), List.of(Route.of("/api/v1/users/**")))).start();
    proxy.get("/api/v1/users/7");
    proxy.put("/api/v1/users/7");
    assertThat(proxy.adminText("/metrics")).contains(
        "banyan_proxy_requests_total{origin=\"http://127.0.0.1:%d\"} 2.0".formatted(proxy.monolith.port()),
        "banyan_proxy_failures_total{origin=\"http://127.0.0.1:%d\"} 0.0".formatted(proxy.monolith.port()),
        "banyan_proxy_writes_held{module=\"users\",owner=\"MONOLITH\"} 0.0", "banyan_proxy_held_bytes 0.0", "jvm_memory_used_bytes");
    proxy.get("/api/v1/users/7");
    assertThat(proxy.adminText("/metrics")).contains("banyan_proxy_requests_total{origin=\"http://127.0.0.1:%d\"} 3.0".formatted(proxy.monolith.port()));
  }
}
