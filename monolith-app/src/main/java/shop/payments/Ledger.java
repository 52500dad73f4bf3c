package shop.payments;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import shop.payments.Payment.Status;
import shop.problems.Problem;

/** The payments, on the tables of schema {@code payments}. */
@Service
class Ledger implements Payments {

  private final PaymentTable payments;
  private final PaymentEvents events;
  private final BigDecimal limit;

  /**
   * Creates the ledger.
   *
   * @param limit the largest amount that is not declined, in the shop's place for what a bank decides
   */
  Ledger(PaymentTable payments, PaymentEvents events, @Value("${shop.payments.limit:1000000}") BigDecimal limit) {
    this.payments = payments;
    this.events = events;
    this.limit = limit;
  }

  @Override
  @Transactional
  public Payment authorize(long orderId, BigDecimal amount) {
    if (amount.compareTo(limit) > 0) {
      throw Problem.of(HttpStatus.PAYMENT_REQUIRED,
          "The payment of %s is declined: no more than %s is taken at a time.".formatted(amount, limit.toPlainString()), null);
    }
    if (payments.begin(orderId, amount, Status.AUTHORIZED)) {
      events.authorized(require(orderId));
    } else {
      requireTheSame(orderId, amount);
    }
    return require(orderId);
  }

  @Override
  @Transactional
  public Payment capture(long orderId) {
    if (payments.move(orderId, Status.AUTHORIZED, Status.CAPTURED)) {
      events.captured(require(orderId));
    }
    var payment = require(orderId);
    if (payment.status() == Status.VOIDED) {
      throw Problem.conflict("The payment of order %d was voided before.".formatted(orderId));
    }
    return payment;
  }

  @Override
  @Transactional
  public Payment voidPayment(long orderId) {
    // The mark of a void, also where nothing was set aside: an authorisation that comes late meets it.
    if (!payments.begin(orderId, BigDecimal.ZERO, Status.VOIDED)
        && payments.move(orderId, Status.AUTHORIZED, Status.VOIDED)) {
      events.voided(require(orderId));
    }
    var payment = require(orderId);
    if (payment.status() != Status.VOIDED) {
      throw Problem.conflict("The payment of order %d was captured before; it can be refunded.".formatted(orderId));
    }
    return payment;
  }

  @Transactional
  Payment refund(long id) {
    var payment = find(id);
    if (!payments.move(payment.orderId(), Status.CAPTURED, Status.REFUNDED)) {
      throw Problem.conflict("Payment %d is %s; only what was captured can be refunded.".formatted(id, payment.status()));
    }
    var refunded = find(id);
    events.refunded(refunded);
    return refunded;
  }

  Payment find(long id) {
    return payments.find(id).orElseThrow(() -> Problem.notFound("There is no payment %d.".formatted(id)));
  }

  List<Payment> page(long after, int limit) {
    return payments.page(after, limit);
  }

  @Override
  public List<Payment> ofOrders(Collection<Long> orderIds) {
    return payments.ofOrders(orderIds);
  }

  private void requireTheSame(long orderId, BigDecimal amount) {
    var payment = require(orderId);
    if (payment.status() == Status.VOIDED) {
      throw Problem.conflict("The payment of order %d was voided before.".formatted(orderId));
    }
    if (payment.amount().compareTo(amount) != 0) {
      throw Problem.conflict("Another amount was set aside for order %d: %s.".formatted(orderId, payment.amount()));
    }
  }

  private Payment require(long orderId) {
    return of(orderId).orElseThrow(() -> Problem.notFound("Nothing was ever paid for order %d.".formatted(orderId)));
  }

  private Optional<Payment> of(long orderId) {
    return payments.ofOrders(List.of(orderId)).stream().findFirst();
  }
}
