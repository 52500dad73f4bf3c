package shop.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

  @Test
  void publishesAProductsChangesInTheirOrder() throws Exception {
    inventory.add(new NewProduct(new Sku("FIG"), "Fig", BigDecimal.ONE, 9));
    var clerks = Executors.newFixedThreadPool(8);
    IntStream.range(0, 200).forEach(stock -> clerks.execute(() -> inventory.restock(new Sku("FIG"), stock, null)));
    clerks.shutdown();
    assertThat(clerks.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(JdbcClient.create(database).sql("select version from inventory.outbox where aggregate = 'product:FIG' order by txid, position")
        .query(Long.class).list()).hasSize(201).isSorted();
  }
}
