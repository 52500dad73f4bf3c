package shop.orders;

import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;
import shop.users.UserUpdated;

/** Follows the users of this process: the event publication registry keeps each event until this is done with it. */
@Component
class CustomerUpdates {

  private final CustomerTable customers;

  CustomerUpdates(CustomerTable customers) {
    this.customers = customers;
  }

  @ApplicationModuleListener(id = "orders.customer-updates")
  void on(UserUpdated event) {
    customers.note(event.userId(), event.name(), event.revision());
  }
}
