package shop.reporting;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.outbox.PublishedEvent;

/**
 * Writes tables {@code reporting.order_history} and {@code reporting.customer}, a generation of them at a time. Events
 * of different modules come in any order, so each writes only what it knows of.
 */
@Repository
class Projection {

  private final JdbcClient jdbc;

  Projection(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void apply(int generation, PublishedEvent event) {
    switch (event.type()) {
      case "UserRegistered" -> user(generation, event, 0);
      case "UserUpdated" -> user(generation, event, 1);
      case "OrderPlaced" -> order(generation, event, "PLACED");
      case "OrderConfirmed" -> order(generation, event, "CONFIRMED");
      case "OrderRejected" -> order(generation, event, "REJECTED");
      case "PaymentCaptured" -> note(generation, event, "paid", amount(event));
      case "PaymentRefunded" -> note(generation, event, "refunded", amount(event));
      case "StockReserved" -> reserved(generation, event);
      case "StockReleased" -> note(generation, event, "stock", "RELEASED");
      default -> {
        // Not shown in any report; the log has it, for the report that will need it.
      }
    }
  }

  void delete(int generation) {
    delete("generation = :generation", generation);
  }

  void deleteBefore(int generation) {
    delete("generation < :generation", generation);
  }

  private void delete(String which, int generation) {
    jdbc.sql("delete from reporting.order_history where " + which).param("generation", generation).update();
    jdbc.sql("delete from reporting.customer where " + which).param("generation", generation).update();
  }

  private void user(int generation, PublishedEvent event, int changes) {
    long user = Long.parseLong(event.aggregate());
    var name = event.payload().path("name").stringValue();
    know(generation, user, name);
    jdbc.sql("""
            update reporting.customer set changes = changes + :changes,
              name = case when version < :version then :name else name end,
              version = case when version < :version then :version else version end
            where generation = :generation and customer_id = :user""")
        .param("changes", changes).param("version", event.version()).param("name", name)
        .param("generation", generation).param("user", user).update();
  }

  private void order(int generation, PublishedEvent event, String status) {
    var told = event.payload();
    long order = told.path("orderId").asLong();
    open(generation, order);
    know(generation, told.path("customerId").asLong(), told.path("customerName").stringValue());
    jdbc.sql("""
            update reporting.order_history set version = :version, customer_id = :customer, status = :status, total = :total, placed_at = :at
            where generation = :generation and order_id = :order and version < :version""")
        .param("version", event.version()).param("customer", told.path("customerId").asLong()).param("status", status)
        .param("total", told.path("total").asDecimal(BigDecimal.ZERO)).param("at", OffsetDateTime.parse(told.path("at").stringValue()))
        .param("generation", generation).param("order", order).update();
  }

  /** A release is for good, and may be told first: by the other owner, while the former one was not there to tell of the reservation. */
  private void reserved(int generation, PublishedEvent event) {
    long order = event.payload().path("orderId").asLong();
    open(generation, order);
    jdbc.sql("update reporting.order_history set stock = 'RESERVED' where generation = :generation and order_id = :order and stock is null")
        .param("generation", generation).param("order", order).update();
  }

  /** Writes one thing that another module than orders tells of an order, which may be the first that is heard of it. */
  private void note(int generation, PublishedEvent event, String column, Object value) {
    long order = event.payload().path("orderId").asLong();
    open(generation, order);
    jdbc.sql("update reporting.order_history set %s = :value where generation = :generation and order_id = :order".formatted(column))
        .param("value", value).param("generation", generation).param("order", order).update();
  }

  private static BigDecimal amount(PublishedEvent event) {
    return event.payload().path("amount").decimalValue();
  }

  private void open(int generation, long order) {
    jdbc.sql("insert into reporting.order_history (generation, order_id) values (:generation, :order) on conflict do nothing")
        .param("generation", generation).param("order", order).update();
  }

  private void know(int generation, long customer, String name) {
    jdbc.sql("""
            insert into reporting.customer (generation, customer_id, version, name) values (:generation, :customer, -1, :name)
            on conflict do nothing""")
        .param("generation", generation).param("customer", customer).param("name", name).update();
  }
}
