package shop.payments;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.payments.Payment.Status;

/** Table {@code payments.payment}. */
@Repository
class PaymentTable {

  private static final String SELECT = "select id, order_id, amount, status, taken_at from payments.payment ";

  private final JdbcClient jdbc;

  PaymentTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Begins an order's payment, and tells whether it is the first; a transaction that is doing so is waited for. */
  boolean begin(long orderId, BigDecimal amount, Status status) {
    return jdbc.sql("""
            insert into payments.payment (order_id, amount, status) values (:order, :amount, :status)
            on conflict do nothing""")
        .param("order", orderId).param("amount", amount).param("status", status.name()).update() > 0;
  }

  /** Moves an order's payment on, and tells whether it was where it was expected. */
  boolean move(long orderId, Status from, Status to) {
    return jdbc.sql("update payments.payment set status = :to where order_id = :order and status = :from")
        .param("order", orderId).param("from", from.name()).param("to", to.name()).update() > 0;
  }

  Optional<Payment> find(long id) {
    return jdbc.sql(SELECT + "where id = :id").param("id", id).query(PaymentTable::payment).optional();
  }

  List<Payment> ofOrders(Collection<Long> orderIds) {
    return orderIds.isEmpty() ? List.of() : jdbc.sql(SELECT + "where order_id in (:orders) order by order_id")
        .param("orders", orderIds).query(PaymentTable::payment).list();
  }

  List<Payment> page(long after, int limit) {
    return jdbc.sql(SELECT + "where id > :after order by id limit :limit")
        .param("after", after).param("limit", limit).query(PaymentTable::payment).list();
  }

  private static Payment payment(ResultSet row, int number) throws SQLException {
    return new Payment(row.getLong("id"), row.getLong("order_id"), row.getBigDecimal("amount"),
        Status.valueOf(row.getString("status")), row.getObject("taken_at", OffsetDateTime.class).toInstant());
  }
}
