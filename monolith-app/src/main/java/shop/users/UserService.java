package shop.users;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.stereotype.Component;
import shop.owner.ClientPart;
import shop.owner.OwnedModule;
import shop.owner.ServiceClient;
import tools.jackson.databind.JsonNode;

/** The feed of the extracted service, as far as that is known. */
@ClientPart
@Component
class UserService implements UserFeed {

  private static final ParameterizedTypeReference<RemotePage> PAGE = new ParameterizedTypeReference<>() {};

  private final OwnedModule<UserDirectory> users;

  UserService(OwnedModule<UserDirectory> users) {
    this.users = users;
  }

  @Override
  public Optional<String> source() {
    return users.serviceUrl().map(URI::toString);
  }

  @Override
  public Page read(String source, String after, int limit) {
    var page = users.client().poll(URI.create("%s/api/v1/users/events?after=%s&limit=%d".formatted(
        ServiceClient.withoutSlash(URI.create(source)), URLEncoder.encode(after, StandardCharsets.UTF_8), limit)), PAGE);
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
}
