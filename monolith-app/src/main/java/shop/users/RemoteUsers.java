package shop.users;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import shop.owner.ServiceClient;
import shop.problems.Problem;

/** The users of the extracted service, over HTTP. Only what reads is ever repeated. */
class RemoteUsers implements UserDirectory {

  private static final ParameterizedTypeReference<User> USER = new ParameterizedTypeReference<>() {};
  private static final ParameterizedTypeReference<List<User>> USERS = new ParameterizedTypeReference<>() {};
  private static final ParameterizedTypeReference<Address> ADDRESS = new ParameterizedTypeReference<>() {};
  private static final ParameterizedTypeReference<List<Address>> ADDRESSES = new ParameterizedTypeReference<>() {};

  private final ServiceClient client;
  private final String root;

  RemoteUsers(ServiceClient client, URI service) {
    this.client = client;
    this.root = ServiceClient.withoutSlash(service) + "/api/v1/users";
  }

  @Override
  public Optional<User> find(UserId id) {
    try {
      return Optional.of(client.get(uri("/" + id), USER));
    } catch (Problem e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public List<User> findAll(Collection<UserId> ids) {
    return ids.isEmpty() ? List.of() : client.get(
        uri("?ids=" + ids.stream().map(UserId::toString).collect(Collectors.joining(","))), USERS);
  }

  @Override
  public List<User> page(long after, int limit) {
    return client.get(uri("?after=%d&limit=%d".formatted(after, limit)), USERS);
  }

  @Override
  public List<User> search(String namePrefix, int limit) {
    return client.query(uri("/search"), Map.of("name", namePrefix), USERS);
  }

  @Override
  public User register(NewUser user) {
    return client.send(HttpMethod.POST, uri(""), user, USER);
  }

  @Override
  public User update(UserId id, UserChange change, @Nullable Long revision) {
    return client.send(HttpMethod.PUT, uri("/" + id), change, revision, USER);
  }

  @Override
  public void remove(UserId id) {
    client.delete(uri("/" + id));
  }

  @Override
  public List<Address> addresses(UserId user) {
    return client.get(addressUri(user), ADDRESSES);
  }

  @Override
  public Address addAddress(UserId user, NewAddress address) {
    return client.send(HttpMethod.POST, addressUri(user), address, ADDRESS);
  }

  @Override
  public Address replaceAddress(UserId user, long id, NewAddress address) {
    return client.send(HttpMethod.PUT, addressUri(user, id), address, ADDRESS);
  }

  @Override
  public void removeAddress(UserId user, long id) {
    client.delete(addressUri(user, id));
  }

  private URI uri(String rest) {
    return URI.create(root + rest);
  }

  private URI addressUri(UserId user) {
    return uri("/%s/addresses".formatted(user));
  }

  private URI addressUri(UserId user, long id) {
    return uri("/%s/addresses/%d".formatted(user, id));
  }
}
