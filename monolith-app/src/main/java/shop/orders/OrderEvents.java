package shop.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;
import shop.outbox.Event;
import shop.outbox.Outbox;
import shop.outbox.Outboxes;
import shop.users.UserId;

/** What others are told of orders; each event is part of the transaction that makes the change. */
@Component
class OrderEvents {

  private final Outbox outbox;

  OrderEvents(Outboxes outboxes) {
    this.outbox = outboxes.of("orders");
  }

  void confirmed(Order order) {
    outbox.append(new Event("OrderConfirmed", Long.toString(order.id()), 0, Told.of(order)));
  }

  private record Told(
      long orderId, UserId customerId, String customerName, List<Order.Line> lines, BigDecimal total, Instant at) {

    static Told of(Order order) {
      return new Told(order.id(), order.customerId(), order.customerName(), order.lines(), order.total(), order.placedAt());
    }
  }
}
