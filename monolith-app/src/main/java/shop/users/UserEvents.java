package shop.users;

import java.util.Map;
import org.springframework.stereotype.Component;
import shop.outbox.Event;
import shop.outbox.Outbox;
import shop.outbox.Outboxes;

/** What others are told of users, for consumers of both versions; each event is part of the transaction that makes the change. */
@Component
class UserEvents {

  private final Outbox outbox;

  UserEvents(Outboxes outboxes) {
    this.outbox = outboxes.of("users");
  }

  /** Keeps a user to this transaction, so that the feed has the events of each in their order; before anything is written. */
  void lock(UserId user) {
    outbox.lock(user.toString());
  }

  void registered(User user) {
    tell("UserRegistered", user);
  }

  void updated(User user) {
    tell("UserUpdated", user);
  }

  /** The last event of a user has one version more than the user ever had. */
  void removed(User last) {
    outbox.append(new Event("UserRemoved", last.id().toString(), last.revision() + 1, Map.of()));
  }

  private void tell(String type, User user) {
    outbox.append(new Event(type, user.id().toString(), user.revision(), Map.of("name", user.name(),
        "givenName", user.person().given(), "familyName", user.person().family())));
  }
}
