package shop.orders;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import shop.inventory.Reservation;
import shop.inventory.Sku;
import shop.users.UserId;

/** Tables {@code orders.orders} and {@code orders.order_line}. */
@Repository
class OrderTable {

  private static final String SELECT =
      "select id, customer_id, customer_name, status, total, placed_at from orders.orders ";

  private final JdbcClient jdbc;

  OrderTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Inserts an order with the customer's name as this module knows it by now. */
  long insert(UserId customer, BigDecimal total, List<Reservation> lines) {
    var key = new GeneratedKeyHolder();
    jdbc.sql("""
            insert into orders.orders (customer_id, customer_name, status, total)
            select user_id, name, :status, :total from orders.customer where user_id = :customer""")
        .param("customer", customer.value()).param("status", Order.Status.PLACED.name()).param("total", total)
        .update(key, "id");
    long id = requireNonNull(key.getKeyAs(Long.class));
    for (int position = 0; position < lines.size(); position++) {
      insertLine(id, position, lines.get(position));
    }
    return id;
  }

  Optional<Order> find(long id) {
    return jdbc.sql(SELECT + "where id = :id").param("id", id).query(this::order).optional();
  }

  List<Order> page(long after, int limit) {
    return jdbc.sql(SELECT + "where id > :after order by id limit :limit")
        .param("after", after).param("limit", limit).query(this::order).list();
  }

  private void insertLine(long order, int position, Reservation line) {
    jdbc.sql("""
            insert into orders.order_line (order_id, position, sku, quantity, unit_price)
            values (:order, :position, :sku, :quantity, :price)""")
        .param("order", order).param("position", position).param("sku", line.sku().value())
        .param("quantity", line.quantity()).param("price", line.unitPrice()).update();
  }

  private Order order(ResultSet row, int number) throws SQLException {
    long id = row.getLong("id");
    return new Order(id, new UserId(row.getLong("customer_id")), row.getString("customer_name"),
        Order.Status.valueOf(row.getString("status")), row.getBigDecimal("total"),
        row.getObject("placed_at", OffsetDateTime.class).toInstant(), lines(id));
  }

  private List<Order.Line> lines(long order) {
    return jdbc.sql("select sku, quantity, unit_price from orders.order_line where order_id = :order order by position")
        .param("order", order)
        .query((row, n) -> new Order.Line(new Sku(row.getString("sku")), row.getInt("quantity"),
            row.getBigDecimal("unit_price")))
        .list();
  }
}
