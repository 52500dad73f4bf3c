package shop.inventory;

/** The stock, for modules that sell from it. */
public interface Inventory {

  /**
   * Takes a number of pieces out of the stock, as part of the caller's transaction.
   *
   * @throws shop.problems.Problem if there is no such product, or too little of it
   */
  Reservation reserve(Sku sku, int quantity);
}
