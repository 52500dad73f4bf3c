package dev.banyan.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens where a service did, and answers whatever it is asked with something that no service of the shop would say. */
final class Impostor implements AutoCloseable {

  /** A user, and not the one that anybody has asked for. */
  private static final String ANOTHER = """
      {"id": 0, "email": "e@example.org", "givenName": "Eve", "familyName": "", "phone": null, "bio": null, "preferences": {},
       "revision": 1, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z"}""";

  /** One after the other; a status of 0 is a connection that ends without an answer. */
  private static final List<Reply> NONSENSE = List.of(
      new Reply(200, "text/html", "<html>Welcome</html>"), new Reply(200, "application/json", "{\"greeting\": \"hel"),
      new Reply(200, "application/json", "{\"greeting\": \"hello\"}"), new Reply(200, "application/json", ANOTHER), new Reply(200, "application/json", "[%s]".formatted(ANOTHER)), new Reply(200, "application/json", ""),
      new Reply(404, "text/html", "<html>Not Found</html>"), new Reply(500, "text/html", "<html>Oops</html>"), new Reply(0, "", ""));

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger askedForEvents = new AtomicInteger();

  private record Reply(int status, String type, String body) {}

  /** Takes the place of a process that is gone. */
  Impostor(URI place) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), place.getPort()), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, NONSENSE.get(asked.getAndIncrement() % NONSENSE.size())));
    server.createContext("/api/v1/users/events", this::answerFollower);
    server.createContext("/api/v1/inventory/events", this::answerFollower);
    server.start();
  }

  /** Returns how often followers of events have asked. */
  int askedForEvents() {
    return askedForEvents.get();
  }

  private void answerFollower(HttpExchange exchange) throws IOException {
    answer(exchange, NONSENSE.get(askedForEvents.getAndIncrement() % NONSENSE.size()));
  }

  private static void answer(HttpExchange exchange, Reply reply) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      if (reply.status() > 0) {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", reply.type());
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
