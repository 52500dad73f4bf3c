package shop.inventory;

import java.math.BigDecimal;
import org.jmolecules.ddd.annotation.ValueObject;

/** A number of pieces of one product that were taken out of the stock, and the price of a piece. */
@ValueObject
public record Reservation(Sku sku, int quantity, BigDecimal unitPrice) {

  /** Returns the price of all pieces. */
  public BigDecimal price() {
    return unitPrice.multiply(BigDecimal.valueOf(quantity));
  }
}
