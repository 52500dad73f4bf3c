package shop.inventory;

import java.util.List;
import java.util.Optional;
import shop.http.IfMatch;

/** All that can be done with the inventory: what other modules use, and what only the REST resources need. */
interface Products extends Inventory {

  Optional<Product> find(Sku sku);

  List<Product> page(String after, int limit);

  Product add(NewProduct product);

  /** Sets the number of pieces in stock of a product whose present revision is one that the client means. */
  Product restock(Sku sku, int stock, IfMatch ifMatch);
}
