package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.demo.stage.Stage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What must hold over the tables of all modules, wherever they are, when nothing is under way. */
final class ShopBooks {

  private final Stage stage;
  private final ShopSetting setting;

  ShopBooks(Stage stage, ShopSetting setting) {
    this.stage = stage;
    this.setting = setting;
  }

  /** Waits for the end of every checkout; then there is no money without goods and there are no goods without money. */
  void expectRight() throws SQLException {
    await("all checkouts to end").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100))
        .until(() -> read("orders", "select order_id, state from orders.checkout where due_at is not null").isEmpty());
    Map<String, String> orders = read("orders", "select id, status || ' ' || total from orders.orders order by id");
    assertThat(orders).isNotEmpty();
    assertThat(read("payments", "select order_id, case status when 'CAPTURED' then 'CONFIRMED ' || amount when 'VOIDED' then 'REJECTED' else status end "
        + "from payments.payment")).as("payments").isEqualTo(without(orders, "REJECTED"));
    assertThat(read("inventory", """
        select r.order_id, case r.status when 'RESERVED' then 'CONFIRMED ' when 'RELEASED' then 'REJECTED ' end
          || coalesce((select sum(quantity) from inventory.reservation_line l where l.order_id = r.order_id and r.status = 'RESERVED'), 0)
        from inventory.reservation r""")).as("reservations").isEqualTo(read("orders", """
        select id, status || ' ' || case status when 'CONFIRMED' then (select sum(quantity) from orders.order_line where order_id = id) else 0 end
        from orders.orders"""));
    assertThat(read("inventory", """
        select sku, stock + coalesce((select sum(l.quantity) from inventory.reservation_line l join inventory.reservation r
          on r.order_id = l.order_id where r.status = 'RESERVED' and l.sku = p.sku), 0) from inventory.product p where sku = 'FIG-1'"""))
        .as("pieces in stock and reserved").containsEntry("FIG-1", "100000");
  }

  /** The amount of a voided payment does not matter: it may have been refused before it was set aside. */
  private static Map<String, String> without(Map<String, String> orders, String status) {
    Map<String, String> statuses = new TreeMap<>(orders);
    statuses.replaceAll((id, value) -> value.startsWith(status) ? status : value);
    return statuses;
  }

  private Map<String, String> read(String module, String sql) throws SQLException {
    Map<String, String> rows = new TreeMap<>();
    try (Connection connection = setting.connect(stage, module); Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.put(row.getString(1), row.getString(2));
      }
    }
    return rows;
  }
}
