package shop.orders;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import shop.inventory.Sku;
import shop.users.UserId;

/** Tables {@code orders.orders} and {@code orders.order_line}. */
@Repository
class OrderTable {

  private static final String SELECT =
      "select id, customer_id, customer_name, status, total, placed_at, rejection from orders.orders ";

  private final JdbcClient jdbc;

  OrderTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record Row(long orderId, Order.Line line) {}

  /** Inserts an order with the customer's name as this module knows it by now. */
  long insert(UserId customer, BigDecimal total, List<Order.Line> lines) {
    var key = new GeneratedKeyHolder();
    jdbc.sql("""
            insert into orders.orders (customer_id, customer_name, status, total)
            select user_id, name, 'PENDING', :total from orders.customer where user_id = :customer""")
        .param("customer", customer.value()).param("total", total).update(key, "id");
    long id = requireNonNull(key.getKeyAs(Long.class));
    for (int position = 0; position < lines.size(); position++) {
      insertLine(id, position, lines.get(position));
    }
    return id;
  }

  void confirm(long id) {
    jdbc.sql("update orders.orders set status = 'CONFIRMED' where id = :id").param("id", id).update();
  }

  void reject(long id, String reason) {
    jdbc.sql("update orders.orders set status = 'REJECTED', rejection = :reason where id = :id")
        .param("id", id).param("reason", reason).update();
  }

  Optional<Order> find(long id) {
    return withLines(jdbc.sql(SELECT + "where id = :id").param("id", id).query(OrderTable::order).list()).stream().findFirst();
  }

  List<Order> page(long after, int limit) {
    return withLines(jdbc.sql(SELECT + "where id > :after order by id limit :limit")
        .param("after", after).param("limit", limit).query(OrderTable::order).list());
  }

  private void insertLine(long order, int position, Order.Line line) {
    jdbc.sql("""
            insert into orders.order_line (order_id, position, sku, quantity, unit_price)
            values (:order, :position, :sku, :quantity, :price)""")
        .param("order", order).param("position", position).param("sku", line.sku().value())
        .param("quantity", line.quantity()).param("price", line.unitPrice()).update();
  }

  private List<Order> withLines(List<Order> orders) {
    var lines = orders.isEmpty() ? Map.<Long, List<Order.Line>>of() : lines(orders.stream().map(Order::id).toList());
    return orders.stream().map(o -> o.withLines(lines.getOrDefault(o.id(), List.of()))).toList();
  }

  private Map<Long, List<Order.Line>> lines(List<Long> orders) {
    return jdbc.sql("""
            select order_id, sku, quantity, unit_price from orders.order_line
            where order_id in (:orders) order by order_id, position""")
        .param("orders", orders)
        .query((row, n) -> new Row(row.getLong("order_id"), new Order.Line(new Sku(row.getString("sku")),
            row.getInt("quantity"), row.getBigDecimal("unit_price"))))
        .list().stream().collect(groupingBy(Row::orderId, mapping(Row::line, toList())));
  }

  private static Order order(ResultSet row, int number) throws SQLException {
    return new Order(row.getLong("id"), new UserId(row.getLong("customer_id")), row.getString("customer_name"),
        Order.Status.valueOf(row.getString("status")), row.getBigDecimal("total"),
        row.getObject("placed_at", OffsetDateTime.class).toInstant(), List.of(), row.getString("rejection"));
  }
}
