package shop.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jmolecules.ddd.annotation.ValueObject;
import org.jspecify.annotations.Nullable;
import shop.inventory.Sku;
import shop.users.UserId;

/**
 * What a customer ordered.
 *
 * @param customerName this module's copy of the customer's name, which follows the user's
 * @param rejection why the order was rejected, if it was
 */
@AggregateRoot
public record Order(
    @Identity long id,
    UserId customerId,
    String customerName,
    Status status,
    BigDecimal total,
    Instant placedAt,
    List<Line> lines,
    @Nullable String rejection) {

  /** How far an order is. */
  public enum Status {
    /** Written down; the checkout is under way. */
    PENDING,
    /** Paid and reserved, for good. */
    CONFIRMED,
    /** Neither paid nor reserved, for good. */
    REJECTED
  }

  Order withLines(List<Line> ofThis) {
    return new Order(id, customerId, customerName, status, total, placedAt, ofThis, rejection);
  }

  /** A product and its price at the time of the order. */
  @ValueObject
  public record Line(Sku sku, int quantity, BigDecimal unitPrice) {

    BigDecimal price() {
      return unitPrice.multiply(BigDecimal.valueOf(quantity));
    }
  }
}
