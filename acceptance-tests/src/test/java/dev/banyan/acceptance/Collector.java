package dev.banyan.acceptance;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Takes traces as an OpenTelemetry collector does, OTLP over HTTP, and alerts as a webhook, and keeps both. */
final class Collector implements AutoCloseable {

  private static final String ALERTS = "/alerts";

  private final List<String> alerts = new CopyOnWriteArrayList<>();
  private final List<Sent> spans = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /** A span, and which process it is of. */
  record Sent(String service, String trace, String id, String parent, Span span) {}

  Collector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange; InputStream body = body(exchange)) {
      if (exchange.getRequestURI().getPath().endsWith("/v1/traces")) {
        keep(ExportTraceServiceRequest.parseFrom(body.readAllBytes()));
      } else if (exchange.getRequestURI().getPath().equals(ALERTS)) {
        alerts.add(new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
      exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream body(HttpExchange exchange) throws IOException {
    boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    return packed ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
  }

  private void keep(ExportTraceServiceRequest request) {
    for (ResourceSpans resource : request.getResourceSpansList()) {
      String service = resource.getResource().getAttributesList().stream().filter(attribute -> attribute.getKey().equals("service.name"))
          .map(attribute -> attribute.getValue().getStringValue()).findFirst().orElse("");
      resource.getScopeSpansList().forEach(scope -> scope.getSpansList().forEach(span -> spans.add(new Sent(service,
          hex(span.getTraceId().toByteArray()), hex(span.getSpanId().toByteArray()), hex(span.getParentSpanId().toByteArray()), span))));
    }
  }

  /** Returns the environment of a process that sends its traces here, soon. */
  Map<String, String> environment() {
    return Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + server.getAddress().getPort(), "OTEL_BSP_SCHEDULE_DELAY", "200",
        "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
  }

  /** Returns where alerts are taken, as a webhook. */
  String webhook() {
    return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), ALERTS);
  }

  List<String> alerts() {
    return List.copyOf(alerts);
  }

  List<Sent> ofTrace(String id) {
    return spans.stream().filter(span -> span.trace().equals(id)).toList();
  }

  private static String hex(byte[] id) {
    return HexFormat.of().formatHex(id);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
