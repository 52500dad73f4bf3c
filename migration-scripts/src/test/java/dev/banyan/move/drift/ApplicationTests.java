package dev.banyan.move.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApplicationTests {

  private static final String COPY =
      "{\"name\": \"a.b\", \"owner\": \"c.d\", \"stale\": 0, \"oldestSeconds\": 0, \"allowedSeconds\": 60, \"more\": \"later\"}";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      try (exchange) {
        asked.add("%s %s by %s".formatted(exchange.getRequestMethod(), exchange.getRequestURI(), exchange.getRequestHeaders().getFirst("Authorization")));
        if (exchange.getRequestURI().getPath().contains("slow")) {
          end.await();
        }
        byte[] body = COPY.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    server.start();
  }

  @AfterEach
  void close() {
    end.countDown();
    server.stop(0);
  }

  @Test
  void tellsWhoAsksAndNamesACopyWhateverItIsCalled() throws Exception {
    Copy copy = application("/shop/", Optional.of("Bearer of-good-news"), Duration.ofSeconds(20)).heal("orders.name of/ä");
    assertThat(asked).containsExactly("POST /shop/api/v1/copies/orders.name%20of%2F%C3%A4/heal by Bearer of-good-news");
    assertThat(copy).isEqualTo(new Copy("a.b", "c.d", Optional.empty(), 0, Duration.ZERO, Duration.ofMinutes(1), List.of(), Optional.empty()));
  }

  @Test
  void tellsNothingWhereNobodyWantsToKnow() throws Exception {
    application("", Optional.empty(), Duration.ofSeconds(20)).compare("a.b");
    assertThat(asked).containsExactly("POST /api/v1/copies/a.b/compare by null");
  }

  @Test
  void losesPatienceWithAnApplicationThatDoesNotAnswer() {
    assertThatThrownBy(() -> application("/slow", Optional.empty(), Duration.ofMillis(200)).compare("a.b")).isInstanceOf(NoAnswer.class)
        .hasMessageContaining("The monolith does not answer POST ").hasMessageContaining("/slow/api/v1/copies/a.b/compare: request timed out");
  }

  private Application application(String path, Optional<String> authorization, Duration patience) {
    return new Application("monolith", URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), authorization, patience);
  }
}
