package shop.users;

import dev.banyan.control.client.OwnerRecord;
import dev.banyan.control.client.Ownership;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import shop.problems.Problem;
import tools.jackson.databind.JsonNode;

/** The extracted service, as far as it is known: its users and its feed. */
@Component
class UserService implements UserFeed {

  private final OwnerRecord owner;
  private final UserServiceSettings settings;
  private final UserServiceClient client;

  UserService(OwnerRecord owner, UserServiceSettings settings, UserServiceClient client) {
    this.owner = owner;
    this.settings = settings;
    this.client = client;
  }

  /** Returns the users of the service that owns them. */
  UserDirectory users(Ownership ownership) {
    return new RemoteUsers(client, url(ownership).orElseThrow(UserService::addressUnknown));
  }

  @Override
  public Optional<String> source() {
    return url(owner.current()).map(URI::toString);
  }

  @Override
  public Page read(String source, String after, int limit) {
    var page = client.events(URI.create(source), after, limit);
    return new Page(source, page.events().stream().filter(RemoteEvent::isUpdate).map(RemoteEvent::toEvent).toList(),
        page.next());
  }

  record RemotePage(List<RemoteEvent> events, String next) {}

  record RemoteEvent(String type, String aggregate, long version, JsonNode payload) {

    /** Types that a later version of the service adds are passed over. */
    boolean isUpdate() {
      return type.equals("UserUpdated");
    }

    UserUpdated toEvent() {
      return new UserUpdated(new UserId(Long.parseLong(aggregate)), payload.path("name").asString(), version);
    }
  }

  private Optional<URI> url(Ownership ownership) {
    return ownership.serviceUrl().or(() -> Optional.ofNullable(settings.url()));
  }

  private static Problem addressUnknown() {
    return Problem.unavailable("Module 'users' is owned by a service whose address is unknown. "
        + "Name it as service.url in the plan, or as shop.users.service.url here.", null);
  }
}
