package shop.inventory;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.inventory.Reservation.Line;
import shop.inventory.Reservation.Status;

/** Tables {@code inventory.reservation} and {@code inventory.reservation_line}. */
@Repository
class ReservationTable {

  private final JdbcClient jdbc;

  ReservationTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record Header(long orderId, Status status) {}

  private record Row(long orderId, Line line) {}

  /** Begins an order's reservation, and tells whether it is the first; a transaction that is doing so is waited for. */
  boolean begin(long orderId, Status status) {
    return jdbc.sql("insert into inventory.reservation (order_id, status) values (:order, :status) on conflict do nothing")
        .param("order", orderId).param("status", status.name()).update() > 0;
  }

  void insert(long orderId, Line line) {
    jdbc.sql("insert into inventory.reservation_line (order_id, sku, quantity) values (:order, :sku, :quantity)")
        .param("order", orderId).param("sku", line.sku().value()).param("quantity", line.quantity()).update();
  }

  /** Marks as released what is reserved, and tells whether it was. */
  boolean release(long orderId) {
    return jdbc.sql("""
            update inventory.reservation set status = 'RELEASED', changed_at = current_timestamp
            where order_id = :order and status = 'RESERVED'""")
        .param("order", orderId).update() > 0;
  }

  /** Returns reservations with their lines in the order that {@link Reservation#merged} gives them, whatever the database sorts by. */
  List<Reservation> findAll(Collection<Long> orderIds) {
    if (orderIds.isEmpty()) {
      return List.of();
    }
    var lines = lines(orderIds);
    return jdbc.sql("select order_id, status from inventory.reservation where order_id in (:orders) order by order_id")
        .param("orders", orderIds)
        .query((row, n) -> new Header(row.getLong("order_id"), Status.valueOf(row.getString("status")))).list().stream()
        .map(header -> new Reservation(header.orderId(), header.status(), Reservation.merged(lines.getOrDefault(header.orderId(), List.of()))))
        .toList();
  }

  private Map<Long, List<Line>> lines(Collection<Long> orderIds) {
    return jdbc.sql("""
            select order_id, sku, quantity from inventory.reservation_line
            where order_id in (:orders) order by order_id""")
        .param("orders", orderIds)
        .query((row, n) -> new Row(row.getLong("order_id"), new Line(new Sku(row.getString("sku")), row.getInt("quantity"))))
        .list().stream().collect(groupingBy(Row::orderId, mapping(Row::line, toList())));
  }
}
