package shop.reporting;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads tables {@code reporting.order_history} and {@code reporting.customer}, of the generation that is in force. */
@Repository
class Reports {

  private static final String CUSTOMERS = """
      select c.customer_id, c.name, c.changes, count(o.order_id) as orders, coalesce(sum(o.paid - o.refunded), 0) as revenue
      from reporting.customer c
      left join reporting.order_history o
        on o.generation = c.generation and o.customer_id = c.customer_id and o.status <> 'REJECTED'
      where c.generation = (select generation from reporting.read_model) and %s
      group by c.customer_id, c.name, c.changes order by c.customer_id limit :limit""";

  private final JdbcClient jdbc;

  Reports(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * What was sold to a customer.
   *
   * @param changes how often the customer's account was updated
   * @param orders how many orders there are that were not rejected
   * @param revenue what was paid for them and not refunded
   */
  record CustomerRevenue(long customerId, String name, long changes, long orders, BigDecimal revenue) {}

  /** An order and what became of it. */
  record OrderHistory(
      long orderId, @Nullable String status, BigDecimal total, BigDecimal paid, BigDecimal refunded, @Nullable String stock,
      @Nullable Instant placedAt) {}

  List<CustomerRevenue> customers(long after, int limit) {
    return jdbc.sql(CUSTOMERS.formatted("c.customer_id > :after")).param("after", after).param("limit", limit)
        .query(CustomerRevenue.class).list();
  }

  List<CustomerRevenue> customer(long customer) {
    return jdbc.sql(CUSTOMERS.formatted("c.customer_id = :customer")).param("customer", customer).param("limit", 1)
        .query(CustomerRevenue.class).list();
  }

  List<OrderHistory> orders(long customer, long after, int limit) {
    return jdbc.sql("""
            select order_id, status, total, paid, refunded, stock, placed_at from reporting.order_history
            where generation = (select generation from reporting.read_model) and customer_id = :customer and order_id > :after
            order by order_id limit :limit""")
        .param("customer", customer).param("after", after).param("limit", limit)
        .query((row, n) -> new OrderHistory(row.getLong("order_id"), row.getString("status"), row.getBigDecimal("total"),
            row.getBigDecimal("paid"), row.getBigDecimal("refunded"), row.getString("stock"),
            row.getObject("placed_at", OffsetDateTime.class).toInstant()))
        .list();
  }
}
