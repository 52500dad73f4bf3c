package shop.payments;

import java.util.Map;
import org.springframework.stereotype.Component;
import shop.outbox.Event;
import shop.outbox.Outbox;
import shop.outbox.Outboxes;

/** What others are told of payments; each event is part of the transaction that makes the change. */
@Component
class PaymentEvents {

  private static final long FIRST = 1;

  private final Outbox outbox;

  PaymentEvents(Outboxes outboxes) {
    this.outbox = outboxes.of("payments");
  }

  void authorized(Payment payment) {
    tell("PaymentAuthorized", payment, FIRST);
  }

  void captured(Payment payment) {
    tell("PaymentCaptured", payment, FIRST + 1);
  }

  /** Of a void that only keeps a late authorisation out nobody is told: nothing has changed. */
  void voided(Payment payment) {
    tell("PaymentVoided", payment, FIRST + 1);
  }

  void refunded(Payment payment) {
    tell("PaymentRefunded", payment, FIRST + 2);
  }

  private void tell(String type, Payment payment, long version) {
    outbox.append(new Event(type, Long.toString(payment.orderId()), version, Map.of(
        "paymentId", payment.id(), "orderId", payment.orderId(), "amount", payment.amount(), "at", payment.takenAt())));
  }
}
