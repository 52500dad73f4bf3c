package shop.orders;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Table {@code orders.checkout}. Each change names the state that it expects, and says whether it was the one. */
@Repository
class CheckoutTable {

  private static final String SELECT =
      "select order_id, state, reason, attempts, last_failure, deadline, updated_at from orders.checkout ";

  private final JdbcClient jdbc;

  CheckoutTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(long orderId, Instant deadline, Instant now, Instant due) {
    jdbc.sql("""
            insert into orders.checkout (order_id, state, deadline, due_at, updated_at)
            values (:order, 'PLACED', :deadline, :due, :now)""")
        .param("order", orderId).param("deadline", time(deadline)).param("due", time(due)).param("now", time(now)).update();
  }

  Optional<Checkout> find(long orderId) {
    return jdbc.sql(SELECT + "where order_id = :order").param("order", orderId).query(CheckoutTable::checkout).optional();
  }

  List<Long> due(Instant now, int limit) {
    return jdbc.sql("select order_id from orders.checkout where due_at <= :now order by due_at limit :limit")
        .param("now", time(now)).param("limit", limit).query(Long.class).list();
  }

  /** Takes a checkout that is due, until a moment; of several processes that try, one does. */
  boolean claim(long orderId, Instant now, Instant until) {
    return jdbc.sql("update orders.checkout set due_at = :until where order_id = :order and due_at <= :now")
        .param("order", orderId).param("now", time(now)).param("until", time(until)).update() > 0;
  }

  boolean move(Checkout checkout, CheckoutState to, @Nullable String reason, Instant now, @Nullable Instant due) {
    return jdbc.sql("""
            update orders.checkout set state = :to, reason = :reason, attempts = 0, last_failure = null,
              due_at = :due, updated_at = :now
            where order_id = :order and state = :from""")
        .param("order", checkout.orderId()).param("from", checkout.state().name()).param("to", to.name())
        .param("reason", reason).param("due", due == null ? null : time(due)).param("now", time(now)).update() > 0;
  }

  void noteFailure(Checkout checkout, String failure, Instant now, Instant due) {
    jdbc.sql("""
            update orders.checkout set attempts = attempts + 1, last_failure = :failure, due_at = :due, updated_at = :now
            where order_id = :order and state = :state""")
        .param("order", checkout.orderId()).param("state", checkout.state().name())
        .param("failure", failure).param("due", time(due)).param("now", time(now)).update();
  }

  /** Makes a checkout due that is not finished, and tells whether it is one. */
  boolean makeDue(long orderId, Instant now) {
    return jdbc.sql("update orders.checkout set due_at = :now where order_id = :order and due_at is not null")
        .param("order", orderId).param("now", time(now)).update() > 0;
  }

  /** Returns unfinished checkouts whose step has failed so often, ordered by order. */
  List<Checkout> unfinished(int failures, long after, int limit) {
    return jdbc.sql(SELECT + """
            where due_at is not null and attempts >= :failures and order_id > :after order by order_id limit :limit""")
        .param("failures", failures).param("after", after).param("limit", limit).query(CheckoutTable::checkout).list();
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static Checkout checkout(ResultSet row, int number) throws SQLException {
    return new Checkout(row.getLong("order_id"), CheckoutState.valueOf(row.getString("state")), row.getString("reason"),
        row.getInt("attempts"), row.getString("last_failure"), row.getObject("deadline", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
