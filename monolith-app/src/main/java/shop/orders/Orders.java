package shop.orders;

import java.util.Optional;

/** The orders, for other modules. */
public interface Orders {

  /**
   * Places an order and checks it out: the stock is reserved and the payment taken, or neither. What is not finished
   * within a few seconds comes back as pending, and is finished later. Not to be called in a transaction.
   *
   * @throws shop.problems.Problem if the customer or a product is missing; then nothing was placed
   */
  Order place(NewOrder order);

  /** Returns an order, or nothing if there is none. */
  Optional<Order> find(long id);
}
