package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The shop as a process that is killed between the commit of a change and the delivery of what it tells. */
class KilledShopIntegrationTests {

  private static final Duration STARTED_WITHIN = Duration.ofSeconds(60);

  private final String url = TestPostgres.newDatabase();
  private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(url, "postgres", ""));

  @Test
  void deliversAfterwardsWhatWasCommittedBefore() throws IOException, InterruptedException {
    int port = freePort();
    var shop = start(port, "1h");
    var api = new Api(port);
    awaitUp(api);
    long ada = api.post("/users", "{'email': '%s@example.org', 'name': 'Ada'}".formatted(UUID.randomUUID())).body().path("id").asLong();
    api.post("/orders", "{'customerId': %d, 'items': [{'sku': 'FIG-1', 'quantity': 1}]}".formatted(ada));
    assertThat(api.put("/users/" + ada, "{'name': 'Ada K'}").status()).isEqualTo(200);
    shop.destroyForcibly().waitFor();
    assertThat(name(ada)).isEqualTo("Ada");

    shop = start(port, "50ms");
    try {
      await().atMost(STARTED_WITHIN).untilAsserted(() -> assertThat(name(ada)).isEqualTo("Ada K"));
      assertThat(jdbc.sql("select count(*) from orders.held_event").query(Integer.class).single()).isZero();
    } finally {
      shop.destroyForcibly().waitFor();
    }
  }

  private String name(long user) {
    return jdbc.sql("select customer_name from orders.orders where customer_id = :id").param("id", user).query(String.class).single();
  }

  private static void awaitUp(Api api) {
    await().atMost(STARTED_WITHIN).ignoreExceptions().until(() -> api.get("/users?limit=1").status() == 200);
  }

  private Process start(int port, String every) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process = new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Shop.class.getName(),
        "--server.port=" + port, "--server.address=127.0.0.1", "--shop.inbox.every=" + every, "--spring.datasource.url=" + url,
        "--spring.datasource.username=postgres", "--spring.datasource.password=", "--spring.datasource.hikari.maximum-pool-size=4");
    return process.redirectErrorStream(true).redirectOutput(Path.of("target", "killed-shop.log").toFile()).start();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
