package shop.users;

import dev.banyan.control.client.OwnerRecord;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import shop.inbox.Sources;
import shop.outbox.EventFeed;
import shop.outbox.HttpFeeds;
import shop.outbox.Outboxes;

/** The events of users: those that were published here, and those of the extracted service as soon as one is known. */
@Component
public class UserEventSources implements Sources {

  private static final String MODULE = "users";

  private final Outboxes outboxes;
  private final HttpFeeds http;
  private final UserService service;
  private final OwnerRecord owner;

  UserEventSources(Outboxes outboxes, HttpFeeds http, UserService service, OwnerRecord owner) {
    this.outboxes = outboxes;
    this.http = http;
    this.service = service;
    this.owner = owner;
  }

  @Override
  public List<EventFeed> feeds(String reader) {
    var here = Stream.of(outboxes.of(MODULE).feed(reader));
    return Stream.concat(here, service.url(owner.current()).stream().map((URI url) -> http.of(url, MODULE, reader))).toList();
  }
}
