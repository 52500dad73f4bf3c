package shop.payments;

import java.math.BigDecimal;
import java.time.Instant;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;

/**
 * The payment of an order.
 *
 * @param orderId the order's number
 * @param takenAt when it was authorised
 */
@AggregateRoot
public record Payment(@Identity long id, long orderId, BigDecimal amount, Status status, Instant takenAt) {

  /** Whose the money is. */
  public enum Status {
    /** The customer's, set aside for the order. */
    AUTHORIZED,
    /** The shop's. */
    CAPTURED,
    /** The customer's, for good: nothing is taken for this order any more. */
    VOIDED,
    /** The customer's again. */
    REFUNDED
  }
}
