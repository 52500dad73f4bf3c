package shop.payments;

import java.math.BigDecimal;

/** Takes money for orders. */
public interface Payments {

  /**
   * Takes the payment of an order, as part of the caller's transaction.
   *
   * @throws shop.problems.Problem if the order is paid already
   */
  Payment take(long orderId, BigDecimal amount);
}
