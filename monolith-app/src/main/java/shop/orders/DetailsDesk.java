package shop.orders;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;
import shop.inventory.Inventory;
import shop.inventory.Reservation;
import shop.payments.Payment;
import shop.payments.Payments;
import shop.users.UserId;
import shop.users.Users;

/** Puts orders together with what other modules know of them: one question for each owner, however many orders. */
@Service
class DetailsDesk {

  private final Users users;
  private final Payments payments;
  private final Inventory inventory;
  private final Inquiries inquiries;

  DetailsDesk(Users users, Payments payments, Inventory inventory, Inquiries inquiries) {
    this.users = users;
    this.payments = payments;
    this.inventory = inventory;
    this.inquiries = inquiries;
  }

  /** Returns the details of at most 50 orders, in the same order. */
  List<OrderDetails> of(List<Order> orders) {
    if (orders.isEmpty()) {
      return List.of();
    }
    var ids = orders.stream().map(Order::id).toList();
    var customers = orders.stream().map(Order::customerId).distinct().toList();
    // All are asked before the first answer is waited for.
    var user = inquiries.ask("user", "users", () -> customers(customers));
    var payment = inquiries.ask("payment", "payments", () -> byKey(payments.ofOrders(ids), Payment::orderId));
    var stock = inquiries.ask("stock", "inventory", () -> byKey(inventory.reservations(ids), Reservation::orderId));
    return together(orders, user.answers(), payment.answers(), stock.answers());
  }

  private Map<UserId, OrderDetails.Customer> customers(Collection<UserId> ids) {
    return byKey(users.findAll(ids).stream().map(u -> new OrderDetails.Customer(u.id(), u.name(), u.email())).toList(),
        OrderDetails.Customer::id);
  }

  private static List<OrderDetails> together(List<Order> orders, Answers<UserId, OrderDetails.Customer> users,
      Answers<Long, Payment> payments, Answers<Long, Reservation> stock) {
    var missing = Stream.of(users.missing(), payments.missing(), stock.missing()).flatMap(Optional::stream).toList();
    return orders.stream().map(order -> new OrderDetails(order, users.of(order.customerId()), payments.of(order.id()),
        stock.of(order.id()), missing)).toList();
  }

  private static <K, V> Map<K, V> byKey(Collection<V> values, Function<V, K> key) {
    return values.stream().collect(Collectors.toMap(key, Function.identity()));
  }
}
