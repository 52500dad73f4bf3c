package shop.inventory;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Service;
import shop.http.IfMatch;
import shop.owner.ClientPart;
import shop.owner.OwnedModule;

/** The inventory where the owner record says it is. */
@ClientPart
@Primary
@Service
class SwitchingInventory implements Products {

  private final OwnedModule<Products> inventory;

  SwitchingInventory(OwnedModule<Products> inventory) {
    this.inventory = inventory;
  }

  @Override
  public Optional<Product> find(Sku sku) {
    return inventory.find(there -> there.find(sku));
  }

  /** Where one is missing, it may be at another owner by now. */
  @Override
  public List<Product> products(Collection<Sku> skus) {
    return inventory.find(there -> all(there, skus)).orElseGet(() -> inventory.read(there -> there.products(skus)));
  }

  private static Optional<List<Product>> all(Products there, Collection<Sku> skus) {
    return Optional.of(there.products(skus)).filter(found -> found.size() == Set.copyOf(skus).size());
  }

  @Override
  public List<Product> page(String after, int limit) {
    return inventory.read(there -> there.page(after, limit));
  }

  @Override
  public List<Reservation> reservations(Collection<Long> orderIds) {
    return inventory.read(there -> there.reservations(orderIds));
  }

  @Override
  public Product add(NewProduct product) {
    return inventory.write(there -> there.add(product));
  }

  @Override
  public Product restock(Sku sku, int stock, IfMatch ifMatch) {
    return inventory.write(there -> there.restock(sku, stock, ifMatch));
  }

  @Override
  public Reservation reserve(long orderId, List<Reservation.Line> lines) {
    return inventory.write(there -> there.reserve(orderId, lines));
  }

  @Override
  public Reservation release(long orderId) {
    return inventory.write(there -> there.release(orderId));
  }
}
