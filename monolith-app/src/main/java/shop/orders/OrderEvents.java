package shop.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.outbox.Event;
import shop.outbox.Outbox;
import shop.outbox.Outboxes;
import shop.users.UserId;

/** What others are told of orders; each event is part of the transaction that makes the change. */
@Component
class OrderEvents {

  private static final long FIRST = 1;

  private final Outbox outbox;

  OrderEvents(Outboxes outboxes) {
    this.outbox = outboxes.of("orders");
  }

  record Payload(
      long orderId, UserId customerId, String customerName, List<Order.Line> lines, BigDecimal total, Instant at,
      @Nullable String rejection) {}

  void placed(Order order) {
    tell("OrderPlaced", order, FIRST);
  }

  void confirmed(Order order) {
    tell("OrderConfirmed", order, FIRST + 1);
  }

  void rejected(Order order) {
    tell("OrderRejected", order, FIRST + 1);
  }

  private void tell(String type, Order order, long version) {
    outbox.append(new Event(type, Long.toString(order.id()), version, new Payload(order.id(), order.customerId(),
        order.customerName(), order.lines(), order.total(), order.placedAt(), order.rejection())));
  }
}
