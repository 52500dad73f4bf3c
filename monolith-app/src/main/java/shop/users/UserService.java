package shop.users;

import dev.banyan.control.client.Ownership;
import java.net.URI;
import java.util.Optional;
import org.springframework.stereotype.Component;
import shop.problems.Problem;

/** The extracted service, as far as it is known. */
@Component
class UserService {

  private final UserServiceSettings settings;
  private final UserServiceClient client;

  UserService(UserServiceSettings settings, UserServiceClient client) {
    this.settings = settings;
    this.client = client;
  }

  /** Returns the users of the service that owns them. */
  UserDirectory users(Ownership ownership) {
    return new RemoteUsers(client, url(ownership).orElseThrow(UserService::addressUnknown));
  }

  /** Returns where the service listens, if that is known. */
  Optional<URI> url(Ownership ownership) {
    return ownership.serviceUrl().or(() -> Optional.ofNullable(settings.url()));
  }

  private static Problem addressUnknown() {
    return Problem.unavailable("Module 'users' is owned by a service whose address is unknown. "
        + "Name it as service.url in the plan, or as shop.users.service.url here.", null);
  }
}
