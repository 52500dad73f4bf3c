package shop.inventory;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;

/**
 * Something for sale.
 *
 * @param stock how many pieces nobody has reserved
 * @param revision counts all changes, what orders take and give back included
 */
@AggregateRoot
public record Product(@Identity Sku sku, String name, BigDecimal price, int stock, long revision) {

  /** Creates a product; another process may have told it. */
  public Product {
    requireNonNull(sku);
    requireNonNull(name);
    requireNonNull(price);
    if (price.signum() < 0 || stock < 0) {
      throw new IllegalArgumentException("Product '%s' has neither a price of %s nor a stock of %d".formatted(sku, price, stock));
    }
  }
}
