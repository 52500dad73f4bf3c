package shop.orders;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import shop.inventory.Inventory;
import shop.inventory.Product;
import shop.inventory.Sku;
import shop.problems.Problem;
import shop.users.User;
import shop.users.Users;

/** Places orders, and has them checked out. */
@Service
class OrderDesk implements Orders {

  private static final Logger LOG = LoggerFactory.getLogger(OrderDesk.class);
  private static final BigDecimal LARGEST_TOTAL = new BigDecimal("9999999999.99");

  private final Users users;
  private final Inventory inventory;
  private final OrderTable orders;
  private final CustomerTable customers;
  private final CheckoutSaga saga;
  private final CheckoutSettings settings;
  private final TransactionOperations transaction;
  private final OrdersByKey keys;
  private final Clock clock;

  OrderDesk(Users users, Inventory inventory, OrderTable orders, CustomerTable customers, CheckoutSaga saga,
      CheckoutSettings settings, TransactionOperations transaction, OrdersByKey keys, Pace pace) {
    this.users = users;
    this.inventory = inventory;
    this.orders = orders;
    this.customers = customers;
    this.saga = saga;
    this.settings = settings;
    this.transaction = transaction;
    this.keys = keys;
    this.clock = pace.clock();
  }

  @Override
  public Order place(NewOrder order) {
    return place(order, id -> true).orElseThrow();
  }

  /**
   * Places an order with a key, or returns the one that was placed with it before.
   *
   * @throws Problem as well if the key has placed another order, or this one a moment ago
   */
  Order place(NewOrder order, IdempotencyKey key) {
    return keys.find(key, order)
        .or(() -> place(order, id -> keys.note(key, order, id)))
        // Somebody else was faster with it.
        .or(() -> keys.find(key, order)).orElseThrow();
  }

  @Override
  public Optional<Order> find(long id) {
    return orders.find(id);
  }

  List<Order> page(long after, int limit) {
    return orders.page(after, limit);
  }

  /**
   * Places an order and checks it out, if it may stay: {@code stays} is asked with its number, as part of the transaction
   * that places it, and leaves nothing of the order where it says no.
   */
  private Optional<Order> place(NewOrder order, LongPredicate stays) {
    var until = clock.instant().plus(settings.answerWithin());
    // Before the transaction: both may be calls over the network.
    var customer = users.find(order.customerId())
        .orElseThrow(() -> Problem.notFound("There is no user %s.".formatted(order.customerId())));
    var lines = priced(order);
    var placed = requireNonNull(transaction.execute(status -> {
      var id = Optional.of(place(customer, lines)).filter(stays::test);
      if (id.isEmpty()) {
        status.setRollbackOnly();
      }
      return id;
    }));
    placed.ifPresent(id -> checkOut(id, until));
    return placed.map(this::asItIs);
  }

  /** Whoever learns no more than that the database was away takes the order for one that was not placed, and sends it again. */
  private Order asItIs(long id) {
    try {
      return orders.find(id).orElseThrow();
    } catch (DataAccessException e) {
      throw Problem.unknown("Order %1$d was placed, and what became of it cannot be told at the moment: ask for /api/v1/orders/%1$d.".formatted(id), e);
    }
  }

  private List<Order.Line> priced(NewOrder order) {
    var skus = order.items().stream().map(NewOrder.Item::sku).distinct().toList();
    Map<Sku, BigDecimal> prices = inventory.products(skus).stream().collect(Collectors.toMap(Product::sku, Product::price));
    return order.items().stream().map(item -> new Order.Line(item.sku(), item.quantity(), price(prices, item.sku()))).toList();
  }

  private static BigDecimal price(Map<Sku, BigDecimal> prices, Sku sku) {
    return Optional.ofNullable(prices.get(sku)).orElseThrow(() -> Problem.notFound("There is no product '%s'.".formatted(sku)));
  }

  private long place(User customer, List<Order.Line> lines) {
    var total = total(lines);
    customers.note(customer.id(), customer.name(), customer.revision());
    customers.lock(customer.id());
    long id = orders.insert(customer.id(), total, lines);
    saga.begin(id);
    return id;
  }

  private static BigDecimal total(List<Order.Line> lines) {
    var total = lines.stream().map(Order.Line::price).reduce(BigDecimal.ZERO, BigDecimal::add);
    if (total.compareTo(LARGEST_TOTAL) > 0) {
      throw Problem.invalid("An order is worth no more than %s, not %s.".formatted(LARGEST_TOTAL, total));
    }
    return total;
  }

  /** The order is written down by now: whatever happens here, it will be confirmed or rejected. */
  private void checkOut(long id, Instant until) {
    try {
      saga.run(id, until);
    } catch (RuntimeException e) {
      LOG.warn("The checkout of order {} broke off; it is taken up again later: {}", id, e.toString());
    }
  }
}
