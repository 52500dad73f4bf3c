package dev.banyan.proxy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Takes traces as an OpenTelemetry collector does, OTLP over HTTP, and keeps the spans. */
final class Collector {

  final List<Span> spans = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  Collector(Vertx vertx) throws Exception {
    server = vertx.createHttpServer().requestHandler(request -> request.body().onSuccess(body -> {
      take(body);
      request.response().putHeader("content-type", "application/x-protobuf").end();
    }));
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void take(Buffer body) {
    try {
      ExportTraceServiceRequest.parseFrom(body.getBytes()).getResourceSpansList().forEach(resource ->
          resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  List<Span> ofTrace(String id) {
    return spans.stream().filter(span -> hex(span.getTraceId().toByteArray()).equals(id)).toList();
  }

  static String hex(byte[] id) {
    return HexFormat.of().formatHex(id);
  }
}
