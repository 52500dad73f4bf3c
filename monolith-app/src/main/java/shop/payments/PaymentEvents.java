package shop.payments;

import java.math.BigDecimal;
import java.time.Instant;
import org.springframework.stereotype.Component;
import shop.outbox.Event;
import shop.outbox.Outbox;
import shop.outbox.Outboxes;

/** What others are told of payments; each event is part of the transaction that makes the change. */
@Component
class PaymentEvents {

  private final Outbox outbox;

  PaymentEvents(Outboxes outboxes) {
    this.outbox = outboxes.of("payments");
  }

  void captured(Payment payment) {
    tell("PaymentCaptured", 0, payment);
  }

  void refunded(Payment payment) {
    tell("PaymentRefunded", 1, payment);
  }

  private void tell(String type, long version, Payment payment) {
    outbox.append(new Event(type, Long.toString(payment.id()), version,
        new Told(payment.id(), payment.orderId(), payment.amount(), payment.takenAt())));
  }

  private record Told(long paymentId, long orderId, BigDecimal amount, Instant at) {}
}
