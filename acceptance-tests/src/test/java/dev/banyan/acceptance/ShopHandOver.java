package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * The inventory goes back to the monolith and leaves it again while clerks count and a customer orders. Reports are told
 * of each change once and in its order, whichever process has published it.
 */
final class ShopHandOver {

  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final int CLERKS = 2;
  private static final int PRODUCTS_OF_EACH = 3;
  private static final int MORE = 60;

  private final Stage stage;
  private final Http proxy;
  private final ShopCustomer shop;

  ShopHandOver(Stage stage) {
    this.stage = stage;
    this.proxy = new Http(stage.proxyUrl());
    this.shop = new ShopCustomer(proxy);
  }

  void expectEachChangeOfTheInventoryToBeToldOnce() throws Exception {
    for (int product = 0; product < CLERKS * PRODUCTS_OF_EACH; product++) {
      assertThat(proxy.post("/api/v1/inventory/products", "{\"sku\": \"COUNTED-%d\", \"name\": \"x\", \"price\": 2, \"stock\": 0}".formatted(product))
          .status()).isEqualTo(201);
    }
    long customer = shop.register("Ada");
    long before = shop.orderOfAda();
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Map<Integer, Integer>> orders = CompletableFuture.supplyAsync(() -> shop.orderUntil(enough, customer));
    try (Changers clerks = new Changers(CLERKS, PRODUCTS_OF_EACH, this::count)) {
      thereAndBack(clerks);
      enough.set(true);
      assertThat(orders.join()).as("orders by status").containsKey(201).doesNotContainKeys(400, 404, 409, 500, 502);
      await("reports to be told of all").atMost(WITHIN).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> expectTold(clerks, before));
    } finally {
      enough.set(true);
    }
  }

  private void thereAndBack(Changers clerks) throws IOException, InterruptedException {
    Path plan = stage.writeInventoryPlan();
    clerks.awaitMore(MORE);
    Verbs.expectDone("rollback", plan.toString());
    clerks.awaitMore(MORE);
    Verbs.expectDone("switch", "writes", plan.toString());
    clerks.awaitMore(MORE);
    clerks.stop();
  }

  private Http.Answer count(int product, int stock) throws IOException, InterruptedException {
    return proxy.put("/api/v1/inventory/products/COUNTED-%d/stock".formatted(product), "{\"stock\": %d}".formatted(stock));
  }

  private void expectTold(Changers clerks, long before) throws SQLException {
    assertThat(clerks.things()).allSatisfy(product -> assertThat(
        read("select version from reporting.event where aggregate = 'product:COUNTED-%d' order by number".formatted(product)))
        .as("versions of product %d", product).containsExactlyElementsOf(
            IntStream.rangeClosed(0, clerks.acknowledged(product)).mapToObj(String::valueOf).toList()));
    assertThat(read("""
        select id from orders.orders where id > %d and status = 'CONFIRMED' and
          1 <> (select count(*) from reporting.event where type = 'StockReserved' and aggregate = 'order:' || id)""".formatted(before)))
        .as("orders whose reservation was not told once").isEmpty();
  }

  private List<String> read(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = stage.monolithServer().connect("shop"); Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        values.add(row.getString(1));
      }
    }
    return values;
  }
}
