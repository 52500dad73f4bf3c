package shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** What an operator sees of one process: numbers, and whether it is ready. */
class TelemetryIntegrationTests {

  @Test
  void tellsOfItself() throws Exception {
    try (var shop = SpringApplication.run(Shop.class, "--shop.modules=inventory", "--server.port=0", "--server.address=127.0.0.1",
        "--spring.datasource.url=jdbc:h2:mem:%s;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()))) {
      assertThat(get(shop, "/api/v1/inventory/products")).startsWith("[");
      assertThat(get(shop, "/actuator/prometheus")).contains("http_server_requests_seconds_count", "uri=\"/api/v1/inventory/products\"",
          "hikaricp_connections_active").doesNotContain("uri=\"/actuator");
      assertThat(get(shop, "/actuator/health/readiness")).contains("UP");
      assertThat(get(shop, "/actuator/health/liveness")).contains("UP");
    }
  }

  private static String get(ConfigurableApplicationContext shop, String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:%s%s".formatted(shop.getEnvironment().getProperty("local.server.port"), path));
    return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }
}
