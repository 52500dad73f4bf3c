package shop.orders;

import org.springframework.stereotype.Component;
import shop.inbox.Subscription;
import shop.inbox.Subscriptions;
import shop.outbox.PublishedEvent;
import shop.users.UserEventSources;
import shop.users.UserId;

/** Follows the names of users, wherever these live. */
@Component
class CustomerUpdates {

  private final CustomerTable customers;
  private final Subscription subscription;

  CustomerUpdates(CustomerTable customers, UserEventSources users, Subscriptions subscriptions) {
    this.customers = customers;
    this.subscription = subscriptions.add("orders", "customers", users, this::on);
  }

  /** Returns the subscription. */
  Subscription subscription() {
    return subscription;
  }

  private void on(PublishedEvent event) {
    switch (event.type()) {
      case "UserRegistered", "UserUpdated" ->
          customers.note(new UserId(Long.parseLong(event.aggregate())), event.payload().path("name").stringValue(), event.version());
      default -> {
        // Orders keep the name of a customer who is gone.
      }
    }
  }
}
