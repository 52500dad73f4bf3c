package shop.orders;

import java.util.Optional;

/** The orders, for other modules. */
public interface Orders {

  /**
   * Places an order: reserves the stock and takes the payment, all or nothing. Not to be called in a transaction.
   *
   * @throws shop.problems.Problem if the customer or a product is missing, or too little of it is there
   */
  Order place(NewOrder order);

  /** Returns an order, or nothing if there is none. */
  Optional<Order> find(long id);
}
