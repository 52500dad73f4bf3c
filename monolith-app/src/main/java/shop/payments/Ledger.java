package shop.payments;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import shop.problems.Problem;

/** Table {@code payments.payment}. */
@Service
class Ledger implements Payments {

  private static final String SELECT = "select id, order_id, amount, status, taken_at from payments.payment ";

  private final JdbcClient jdbc;
  private final PaymentEvents events;

  Ledger(JdbcClient jdbc, PaymentEvents events) {
    this.jdbc = jdbc;
    this.events = events;
  }

  @Override
  @Transactional
  public Payment take(long orderId, BigDecimal amount) {
    var key = new GeneratedKeyHolder();
    try {
      jdbc.sql("insert into payments.payment (order_id, amount, status) values (:order, :amount, :status)")
          .param("order", orderId).param("amount", amount).param("status", Payment.Status.TAKEN.name())
          .update(key, "id");
    } catch (DuplicateKeyException e) {
      throw Problem.conflict("Order %d is paid already.".formatted(orderId));
    }
    var payment = find(requireNonNull(key.getKeyAs(Long.class)));
    events.captured(payment);
    return payment;
  }

  @Transactional
  Payment refund(long id) {
    int refunded = jdbc.sql("update payments.payment set status = :refunded where id = :id and status = :taken")
        .param("id", id).param("refunded", Payment.Status.REFUNDED.name())
        .param("taken", Payment.Status.TAKEN.name()).update();
    var payment = find(id);
    if (refunded == 0) {
      throw Problem.conflict("Payment %d was refunded before.".formatted(id));
    }
    events.refunded(payment);
    return payment;
  }

  Payment find(long id) {
    return jdbc.sql(SELECT + "where id = :id").param("id", id).query(Ledger::payment).optional()
        .orElseThrow(() -> Problem.notFound("There is no payment %d.".formatted(id)));
  }

  List<Payment> page(long after, int limit) {
    return jdbc.sql(SELECT + "where id > :after order by id limit :limit")
        .param("after", after).param("limit", limit).query(Ledger::payment).list();
  }

  private static Payment payment(ResultSet row, int number) throws SQLException {
    return new Payment(row.getLong("id"), row.getLong("order_id"), row.getBigDecimal("amount"),
        Payment.Status.valueOf(row.getString("status")), row.getObject("taken_at", OffsetDateTime.class).toInstant());
  }
}
