package shop.payments;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;

/**
 * Takes money for orders, in two steps: an authorised amount is the customer's until it is captured.
 *
 * <p>Each change is a local transaction, and may be asked for again: an order's number makes it take effect once. All
 * methods throw {@link shop.problems.Problem} for what is contradictory or unavailable.
 */
public interface Payments {

  /**
   * Sets the amount of an order aside.
   *
   * @throws shop.problems.Problem of class 4xx if the amount is declined, or if the order's payment was voided before,
   *     which is final
   */
  Payment authorize(long orderId, BigDecimal amount);

  /** Takes the money that was set aside for an order. */
  Payment capture(long orderId);

  /**
   * Lets the customer have back what was set aside for an order; and refuses what may yet arrive, also where nothing was
   * set aside.
   *
   * @throws shop.problems.Problem if the money was taken: that can be refunded, not voided
   */
  Payment voidPayment(long orderId);

  /** Returns the payments that there are of at most 100 orders, ordered by order. */
  List<Payment> ofOrders(Collection<Long> orderIds);
}
