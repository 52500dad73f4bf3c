package shop.inventory;

import java.util.Map;
import org.springframework.stereotype.Component;
import shop.outbox.Event;
import shop.outbox.Outbox;
import shop.outbox.Outboxes;

/** What others are told of the stock; each event is part of the transaction that makes the change. */
@Component
class InventoryEvents {

  private static final long FIRST = 1;

  private final Outbox outbox;

  InventoryEvents(Outboxes outboxes) {
    this.outbox = outboxes.of("inventory");
  }

  /** Keeps a product's changes to this transaction, so that the feed has them in their order; before anything is written. */
  void lock(Sku sku) {
    outbox.lock(product(sku));
  }

  private static String product(Sku sku) {
    return "product:" + sku;
  }

  /** Tells what people changed of a product; what orders take is told by their reservations. */
  void changed(Product product, long changes) {
    outbox.append(new Event("ProductChanged", product(product.sku()), changes, Map.of(
        "sku", product.sku(), "name", product.name(), "price", product.price(), "stock", product.stock())));
  }

  void reserved(Reservation reservation) {
    tell("StockReserved", reservation, FIRST);
  }

  /** Of a release that only keeps a late reservation out nobody is told: nothing has changed. */
  void released(Reservation reservation) {
    tell("StockReleased", reservation, FIRST + 1);
  }

  private void tell(String type, Reservation reservation, long version) {
    outbox.append(new Event(type, "order:" + reservation.orderId(), version,
        Map.of("orderId", reservation.orderId(), "lines", reservation.lines())));
  }
}
