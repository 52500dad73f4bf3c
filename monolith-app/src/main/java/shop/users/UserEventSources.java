package shop.users;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import shop.outbox.HttpFeeds;
import shop.outbox.Outboxes;
import shop.owner.ClientPart;
import shop.owner.OwnedModule;
import shop.owner.OwnedSources;

/** The events of users, wherever they live. */
@ClientPart
@Component
public class UserEventSources extends OwnedSources {

  UserEventSources(OwnedModule<UserDirectory> users, ObjectProvider<LocalUsers> local, Outboxes outboxes, HttpFeeds http) {
    super("users", users, local, outboxes, http);
  }
}
