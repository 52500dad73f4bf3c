package shop.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.Api.Answer;
import shop.TestPostgres;

class PostgresCheckoutIntegrationTests extends CheckoutContract {

  private static final int BUYERS = 4;
  private static final int ORDERS_EACH = 15;

  @Autowired HikariDataSource pool;

  private record Placed(String key, long order) {}

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  /** As of a server that is started again and again. Each customer sends each order until it is answered. */
  @Test
  void endsRightWhileConnectionsAreLostInTheMiddleOfAnything() throws SQLException {
    Set<Integer> statuses = ConcurrentHashMap.newKeySet();
    var buyers = Stream.generate(() -> CompletableFuture.supplyAsync(() -> buy(statuses))).limit(BUYERS).toList();
    endConnectionsUntilDone(buyers);
    assertThat(statuses).isSubsetOf(201, 202, 409, 503, 504);
    var placed = buyers.stream().flatMap(buyer -> buyer.join().stream()).toList();
    assertThat(placed).hasSize(BUYERS * ORDERS_EACH).containsExactlyInAnyOrderElementsOf(
        jdbc.sql("select key_text as key, order_id as \"order\" from orders.idempotency_key").query(Placed.class).list());
    assertThat(placed).extracting(Placed::order).containsExactlyInAnyOrderElementsOf(
        jdbc.sql("select id from orders.orders where customer_id = :customer").param("customer", customer).query(Long.class).list());
  }

  /** Who is told that nothing was done sends the order again, and pays twice. */
  @Test
  void tellsNobodyThatNothingWasDoneWhereAnOrderIsPlaced() throws Exception {
    steps.stopAt(CheckoutState.AUTHORIZED);
    var placing = CompletableFuture.supplyAsync(() -> order(1));
    steps.awaitReached(CheckoutState.AUTHORIZED);
    var answer = withoutItsDatabase(() -> {
      steps.letGo(CheckoutState.AUTHORIZED);
      return placing.join();
    });
    long placed = jdbc.sql("select id from orders.orders where customer_id = :customer").param("customer", customer).query(Long.class).single();
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(504);
    assertThat(answer.text("detail")).contains("/api/v1/orders/" + placed);
  }

  private Answer withoutItsDatabase(Supplier<Answer> request) throws SQLException {
    var limit = pool.getConnectionTimeout();
    var name = jdbc.sql("select current_database()").query(String.class).single();
    try (var outside = DriverManager.getConnection(pool.getJdbcUrl().replaceFirst("/%s\\b".formatted(name), "/postgres"), "postgres", "");
        var statement = outside.createStatement()) {
      pool.setConnectionTimeout(1_000);
      statement.execute("alter database %s allow_connections false".formatted(name));
      try {
        statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'".formatted(name));
        return request.get();
      } finally {
        pool.getHikariPoolMXBean().softEvictConnections();
        statement.execute("alter database %s allow_connections true".formatted(name));
      }
    } finally {
      pool.setConnectionTimeout(limit);
    }
  }

  private List<Placed> buy(Set<Integer> statuses) {
    return IntStream.range(0, ORDERS_EACH).mapToObj(i -> UUID.randomUUID().toString()).map(key -> new Placed(key, sendUntilAnswered(key, statuses))).toList();
  }

  private long sendUntilAnswered(String key, Set<Integer> statuses) {
    while (true) {
      var answer = order(1, key);
      statuses.add(answer.status());
      var order = answer.body().path(answer.status() == 409 ? "orderId" : "id");
      if (order.isNumber()) {
        return order.asLong();
      }
    }
  }

  private void endConnectionsUntilDone(List<? extends CompletableFuture<?>> buyers) throws SQLException {
    try (var outside = DriverManager.getConnection(pool.getJdbcUrl(), "postgres", ""); var statement = outside.createStatement()) {
      await("all orders").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100)).until(() -> {
        statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        return buyers.stream().allMatch(CompletableFuture::isDone);
      });
    } finally {
      pool.getHikariPoolMXBean().softEvictConnections();
    }
  }
}
