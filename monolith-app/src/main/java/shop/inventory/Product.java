package shop.inventory;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;

/**
 * Something for sale.
 *
 * @param stock how many pieces nobody has reserved
 * @param revision counts the changes that people made; what orders take and give back does not count
 */
@AggregateRoot
public record Product(@Identity Sku sku, String name, BigDecimal price, int stock, long revision) {

  /** Creates a product; another process may have told it. */
  public Product {
    requireNonNull(sku);
    requireNonNull(name);
    requireNonNull(price);
  }
}
