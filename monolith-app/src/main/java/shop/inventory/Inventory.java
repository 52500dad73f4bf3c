package shop.inventory;

import java.util.Collection;
import java.util.List;

/**
 * The stock, wherever it lives: in this process, or in a service. The owner record decides at each call.
 *
 * <p>Reserving and releasing are local transactions of the owner, and may be asked for again: an order's number makes
 * them take effect once. What changes something must not be called within a transaction. All methods throw {@link
 * shop.problems.Problem} for what is missing, contradictory or unavailable, and are safe for use by several threads.
 */
public interface Inventory {

  /** Returns those of at most 100 products that exist, ordered by SKU. */
  List<Product> products(Collection<Sku> skus);

  /**
   * Takes pieces out of the stock for an order: all of them, or none.
   *
   * @throws shop.problems.Problem of class 4xx if a product is missing or short, or if the order's reservation was
   *     released before, which is final
   */
  Reservation reserve(long orderId, List<Reservation.Line> lines);

  /** Gives back what was reserved for an order; and refuses what may yet arrive, also where nothing was reserved. */
  Reservation release(long orderId);

  /** Returns the reservations that there are of at most 100 orders, ordered by order. */
  List<Reservation> reservations(Collection<Long> orderIds);
}
