package shop.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jmolecules.ddd.annotation.ValueObject;
import shop.inventory.Sku;
import shop.users.UserId;

/**
 * What a customer ordered.
 *
 * @param customerName this module's copy of the customer's name, which follows the user's
 */
@AggregateRoot
public record Order(
    @Identity long id,
    UserId customerId,
    String customerName,
    Status status,
    BigDecimal total,
    Instant placedAt,
    List<Line> lines) {

  /** How far an order is. */
  public enum Status {
    /** Paid and reserved. */
    PLACED
  }

  /** A product and its price at the time of the order. */
  @ValueObject
  public record Line(Sku sku, int quantity, BigDecimal unitPrice) {}
}
