package shop.inventory;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import shop.http.IfMatch;
import shop.inventory.Reservation.Status;
import shop.problems.Problem;

/** The inventory in this process, on the tables of schema {@code inventory}; each change is a transaction of its own. */
@Service
class LocalInventory implements Products {

  private final ProductTable products;
  private final ReservationTable reservations;
  private final InventoryEvents events;

  LocalInventory(ProductTable products, ReservationTable reservations, InventoryEvents events) {
    this.products = products;
    this.reservations = reservations;
    this.events = events;
  }

  @Override
  public Optional<Product> find(Sku sku) {
    return products.find(sku);
  }

  @Override
  public List<Product> products(Collection<Sku> skus) {
    return products.findAll(skus);
  }

  @Override
  public List<Product> page(String after, int limit) {
    return products.page(after, limit);
  }

  @Override
  @Transactional
  public Product add(NewProduct product) {
    products.insert(product);
    return changed(product.sku());
  }

  @Override
  @Transactional
  public Product restock(Sku sku, int stock, IfMatch ifMatch) {
    events.lock(sku);
    products.restock(sku, stock);
    var product = changed(sku);
    // The update has raised it by one, and nobody sees that before the commit.
    ifMatch.require(product.revision() - 1);
    return product;
  }

  @Override
  @Transactional
  public Reservation reserve(long orderId, List<Reservation.Line> lines) {
    var merged = Reservation.merged(lines);
    if (!reservations.begin(orderId, Status.RESERVED)) {
      return requireTheSame(orderId, merged);
    }
    merged.forEach(line -> take(orderId, line));
    var reservation = new Reservation(orderId, Status.RESERVED, merged);
    events.reserved(reservation);
    return reservation;
  }

  @Override
  @Transactional
  public Reservation release(long orderId) {
    // The mark of a release, also where nothing was reserved: a reservation that comes late meets it.
    if (!reservations.begin(orderId, Status.RELEASED) && reservations.release(orderId)) {
      one(orderId).lines().forEach(this::giveBack);
      events.released(one(orderId));
    }
    return one(orderId);
  }

  @Override
  public List<Reservation> reservations(Collection<Long> orderIds) {
    return reservations.findAll(orderIds);
  }

  private Product changed(Sku sku) {
    var product = require(sku);
    events.changed(product, products.changes(sku));
    return product;
  }

  private void take(long orderId, Reservation.Line line) {
    if (!products.take(line)) {
      require(line.sku());
      throw Problem.conflict("Product '%s' has fewer than %d pieces left.".formatted(line.sku(), line.quantity()));
    }
    reservations.insert(orderId, line);
  }

  private void giveBack(Reservation.Line line) {
    if (!products.giveBack(line)) {
      products.find(line.sku()).ifPresent(product -> {
        throw Problem.conflict("Product '%s' has %d pieces, and %d that are to be given back cannot be counted with them. Correct the stock."
            .formatted(line.sku(), product.stock(), line.quantity()));
      });
    }
  }

  private Reservation requireTheSame(long orderId, List<Reservation.Line> lines) {
    var reservation = one(orderId);
    if (reservation.status() == Status.RELEASED) {
      throw Problem.conflict("The reservation of order %d was released before.".formatted(orderId));
    }
    if (!reservation.lines().equals(lines)) {
      throw Problem.conflict("Something else is reserved for order %d.".formatted(orderId));
    }
    return reservation;
  }

  private Reservation one(long orderId) {
    return reservations.findAll(List.of(orderId)).get(0);
  }

  private Product require(Sku sku) {
    return products.find(sku).orElseThrow(() -> missing(sku));
  }

  static Problem missing(Sku sku) {
    return Problem.notFound("There is no product '%s'.".formatted(sku));
  }
}
