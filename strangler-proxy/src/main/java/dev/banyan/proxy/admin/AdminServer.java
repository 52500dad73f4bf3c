package dev.banyan.proxy.admin;

import dev.banyan.proxy.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Serves {@code /health}, {@code /routes}, {@code /metrics} and, at {@code /}, a dashboard of the same. Reads only. */
public final class AdminServer {

  private final Vertx vertx;
  private final StatusReport report;
  private final Metrics metrics;
  private final Buffer dashboard = load("dashboard.html");

  /** Creates the server; it does not listen yet. */
  public AdminServer(Vertx vertx, StatusReport report, Metrics metrics) {
    this.vertx = vertx;
    this.report = report;
    this.metrics = metrics;
  }

  /** Begins to listen, on any free port if the given one is 0, and tells the port. */
  public Future<Integer> start(String host, int port) {
    return vertx.createHttpServer().requestHandler(this::answer).listen(port, host).map(HttpServer::actualPort);
  }

  private void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response().putHeader("cache-control", "no-store");
    if (!request.method().equals(HttpMethod.GET)) {
      response.setStatusCode(405).putHeader("allow", "GET").end();
      return;
    }
    switch (String.valueOf(request.path())) {
      case "/" -> response.putHeader("content-type", "text/html; charset=utf-8").end(dashboard);
      case "/health" -> json(response.setStatusCode(report.isServing() ? 200 : 503), report.health());
      case "/routes" -> json(response, report.routes());
      case "/metrics" -> metrics(response);
      default -> response.setStatusCode(404).end();
    }
  }

  /** Not on an event loop, which others wait for: reading what the JVM measures takes its time. */
  private void metrics(HttpServerResponse response) {
    vertx.executeBlocking(metrics::text).onComplete(
        text -> response.putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8").end(text),
        failure -> response.setStatusCode(500).end());
  }

  private static void json(HttpServerResponse response, JsonObject body) {
    response.putHeader("content-type", "application/json").end(body.toBuffer());
  }

  private static Buffer load(String resource) {
    try (var stream = AdminServer.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("Resource " + resource + " is missing");
      }
      return Buffer.buffer(stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
