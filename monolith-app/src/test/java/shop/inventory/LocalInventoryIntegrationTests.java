package shop.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
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
import shop.http.IfMatch;
import shop.problems.Problem;

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

  /** As after a clerk's count that was wrong; the release is asked for again until it is corrected. */
  @Test
  void givesBackAllOrNothingWhereTheStockCannotBeCounted() {
    var few = new Reservation.Line(new Sku("FEW"), 3);
    var many = new Reservation.Line(new Sku("MANY"), 3);
    List.of(few, many).forEach(line -> inventory.add(new NewProduct(line.sku(), "Pear", BigDecimal.ONE, 9)));
    inventory.reserve(2, List.of(few, many));
    inventory.restock(many.sku(), Integer.MAX_VALUE - 2, IfMatch.ANY);
    assertThatThrownBy(() -> inventory.release(2)).isInstanceOfSatisfying(Problem.class, e -> assertThat(e.getStatusCode().value()).isEqualTo(409))
        .hasMessageContaining("Product 'MANY' has 2147483645 pieces, and 3 that are to be given back");
    assertThat(inventory.reservations(List.of(2L))).extracting(Reservation::status).containsExactly(Reservation.Status.RESERVED);
    assertThat(stock(few)).isEqualTo(6);
    inventory.restock(many.sku(), Integer.MAX_VALUE - 3, IfMatch.ANY);
    assertThat(inventory.release(2).status()).isEqualTo(Reservation.Status.RELEASED);
    assertThat(stock(few)).isEqualTo(9);
    assertThat(stock(many)).isEqualTo(Integer.MAX_VALUE);
  }

  private int stock(Reservation.Line line) {
    return inventory.find(line.sku()).orElseThrow().stock();
  }

  @Test
  void publishesAProductsChangesInTheirOrder() throws Exception {
    inventory.add(new NewProduct(new Sku("FIG"), "Fig", BigDecimal.ONE, 9));
    var clerks = Executors.newFixedThreadPool(8);
    IntStream.range(0, 200).forEach(stock -> clerks.execute(() -> inventory.restock(new Sku("FIG"), stock, IfMatch.ANY)));
    clerks.shutdown();
    assertThat(clerks.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(JdbcClient.create(database).sql("select version from inventory.outbox where aggregate = 'product:FIG' order by txid, position")
        .query(Long.class).list()).hasSize(201).isSorted();
  }
}
