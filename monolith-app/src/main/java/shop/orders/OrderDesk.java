package shop.orders;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import shop.inventory.Inventory;
import shop.inventory.Reservation;
import shop.payments.Payments;
import shop.problems.Problem;
import shop.users.User;
import shop.users.Users;

/** Places orders. */
@Service
class OrderDesk implements Orders {

  private final Users users;
  private final Inventory inventory;
  private final Payments payments;
  private final OrderTable orders;
  private final CustomerTable customers;
  private final OrderEvents events;
  private final TransactionOperations transaction;

  OrderDesk(Users users, Inventory inventory, Payments payments, OrderTable orders, CustomerTable customers,
      OrderEvents events, TransactionOperations transaction) {
    this.users = users;
    this.inventory = inventory;
    this.payments = payments;
    this.orders = orders;
    this.customers = customers;
    this.events = events;
    this.transaction = transaction;
  }

  @Override
  public Order place(NewOrder order) {
    // Before the transaction: it may be a call over the network.
    var customer = users.find(order.customerId())
        .orElseThrow(() -> Problem.notFound("There is no user %s.".formatted(order.customerId())));
    return transaction.execute(status -> place(customer, order));
  }

  @Override
  public Optional<Order> find(long id) {
    return orders.find(id);
  }

  List<Order> page(long after, int limit) {
    return orders.page(after, limit);
  }

  private Order place(User customer, NewOrder order) {
    customers.note(customer.id(), customer.name(), customer.revision());
    var lines = reserve(order);
    var total = lines.stream().map(Reservation::price).reduce(BigDecimal.ZERO, BigDecimal::add);
    long id = orders.insert(customer.id(), total, lines);
    payments.take(id, total);
    var placed = orders.find(id).orElseThrow();
    events.confirmed(placed);
    return placed;
  }

  /** Always in the order of the products, so that two orders never wait for each other crosswise. */
  private List<Reservation> reserve(NewOrder order) {
    return order.items().stream()
        .sorted(Comparator.comparing(item -> item.sku().value()))
        .map(item -> inventory.reserve(item.sku(), item.quantity()))
        .toList();
  }
}
