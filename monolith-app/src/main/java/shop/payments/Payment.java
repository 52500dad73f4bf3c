package shop.payments;

import java.math.BigDecimal;
import java.time.Instant;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;

/**
 * The payment of an order.
 *
 * @param orderId the order's number
 */
@AggregateRoot
public record Payment(@Identity long id, long orderId, BigDecimal amount, Status status, Instant takenAt) {

  /** Whose the money is. */
  public enum Status {
    /** The shop has it. */
    TAKEN,
    /** The customer has it back. */
    REFUNDED
  }
}
