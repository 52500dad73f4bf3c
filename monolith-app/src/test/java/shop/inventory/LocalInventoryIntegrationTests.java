package shop.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.TestPostgres;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"server.address=127.0.0.1", "shop.modules=inventory"})
class LocalInventoryIntegrationTests {

  @Autowired LocalInventory inventory;
  @Autowired DataSource database;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  /** No collation sorts all of these as Java does; what was reserved once must be known again all the same. */
  @Test
  void knowsAReservationAgainWhateverTheDatabaseSortsBy() {
    var lines = Stream.of("a", "B", "\uff21", "\ud83c\udf50").map(sku -> new Reservation.Line(new Sku(sku), 1)).toList();
    lines.forEach(line -> inventory.add(new NewProduct(line.sku(), "Pear", BigDecimal.ONE, 9)));
    var reserved = inventory.reserve(1, lines);
    assertThat(inventory.reserve(1, lines)).isEqualTo(reserved);
  }

  /** The feed is in the order of transactions' numbers, so these must be in the order of a product's changes. */
  @Test
  void hasNoTransactionNumberWhileItWaitsForAProduct() throws SQLException {
    inventory.add(new NewProduct(new Sku("FIG"), "Fig", BigDecimal.ONE, 9));
    CompletableFuture<?> restocking;
    try (var order = database.getConnection()) {
      order.setAutoCommit(false);
      order.createStatement().execute("select sku from inventory.product where sku = 'FIG' for update");
      restocking = CompletableFuture.runAsync(() -> inventory.restock(new Sku("FIG"), 5, null));
      await().until(() -> !numbersOfThoseWhoWait().isEmpty());
      assertThat(numbersOfThoseWhoWait()).containsExactly("none");
      order.rollback();
    }
    restocking.join();
  }

  private List<String> numbersOfThoseWhoWait() {
    return JdbcClient.create(database).sql("""
        select coalesce(backend_xid::text, 'none') from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%inventory.product%'""")
        .query(String.class).list();
  }
}
