package dev.banyan.proxy;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin that remembers what it got and answers with its name, unless told otherwise. */
final class Upstream {

  record Received(String method, String uri, MultiMap headers) {}

  final List<Received> received = new CopyOnWriteArrayList<>();
  /** How many connections it got, whether or not anything came over them. */
  final AtomicInteger connections = new AtomicInteger();
  private final String name;
  private final HttpServer server;
  private volatile Handler<HttpServerRequest> behaviour = this::answer;

  Upstream(Vertx vertx, String name) throws Exception {
    this.name = name;
    this.server = vertx.createHttpServer(new HttpServerOptions().setMaxHeaderSize(65_536)).requestHandler(this::receive);
    server.connectionHandler(connection -> connections.incrementAndGet());
    server.webSocketHandler(socket -> {
      received.add(new Received("GET", socket.uri(), MultiMap.caseInsensitiveMultiMap().addAll(socket.headers())));
      socket.textMessageHandler(text -> socket.writeTextMessage(name + " " + text));
    });
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  int port() {
    return server.actualPort();
  }

  /** Does something else with each request from now on. */
  void behave(Handler<HttpServerRequest> other) {
    behaviour = other;
  }

  List<String> uris() {
    return received.stream().map(Received::uri).toList();
  }

  void answer(HttpServerRequest request) {
    request.response().putHeader("x-origin", name).end(name);
  }

  private void receive(HttpServerRequest request) {
    received.add(new Received(request.method().name(), request.uri(), MultiMap.caseInsensitiveMultiMap().addAll(request.headers())));
    behaviour.handle(request);
  }
}
