package shop.users;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import shop.http.IfMatch;
import shop.owner.Expected;
import shop.owner.ServiceClient;

/**
 * The users of the extracted service, over HTTP. Only what reads is ever repeated. Names are read in two parts, and
 * written as they were given: who gave a whole name has not said what its parts are.
 */
class RemoteUsers implements UserDirectory {

  private static final Expected<User> USER = Expected.of(new ParameterizedTypeReference<>() {});
  private static final Expected<UserV2> USER_V2 = Expected.of(new ParameterizedTypeReference<>() {});
  private static final Expected<List<UserV2>> USERS_V2 = Expected.of(new ParameterizedTypeReference<>() {});
  private static final Expected<Address> ADDRESS = Expected.of(new ParameterizedTypeReference<>() {});
  private static final Expected<List<Address>> ADDRESSES = Expected.of(new ParameterizedTypeReference<>() {});

  private final ServiceClient client;
  private final String root;
  private final String rootV2;

  RemoteUsers(ServiceClient client, URI service) {
    this.client = client;
    this.root = ServiceClient.withoutSlash(service) + "/api/v1/users";
    this.rootV2 = ServiceClient.withoutSlash(service) + "/api/v2/users";
  }

  @Override
  public Optional<User> find(UserId id) {
    return client.find(uriV2("/" + id), the(id)).map(UserV2::toUser);
  }

  @Override
  public List<User> findAll(Collection<UserId> ids) {
    return ids.isEmpty() ? List.of() : users(client.get(
        uriV2("?ids=" + ids.stream().map(UserId::toString).collect(Collectors.joining(","))), USERS_V2.where(Expected.eachOnce(UserV2::id, ids::contains))));
  }

  @Override
  public List<User> page(long after, int limit) {
    return users(client.get(uriV2("?after=%d&limit=%d".formatted(after, limit)),
        USERS_V2.where(Expected.eachOnce(UserV2::id, id -> id.value() > after))));
  }

  @Override
  public List<User> search(String namePrefix, int limit) {
    return users(client.query(uriV2("/search"), Map.of("name", namePrefix), USERS_V2.where(Expected.eachOnce(UserV2::id, id -> true))));
  }

  @Override
  public User register(NewUser user) {
    var person = user.person();
    return person == null
        ? client.send(HttpMethod.POST, uri(""), user, USER)
        : client.send(HttpMethod.POST, uriV2(""), UserV2.New.of(user, person), USER_V2).toUser();
  }

  @Override
  public User update(UserId id, UserChange change, IfMatch ifMatch) {
    var person = change.person();
    return person == null
        ? client.send(HttpMethod.PUT, uri("/" + id), change, ifMatch, USER.where(user -> user.id().equals(id)))
        : client.send(HttpMethod.PUT, uriV2("/" + id), UserV2.Change.of(change, person), ifMatch, the(id)).toUser();
  }

  @Override
  public void remove(UserId id, IfMatch ifMatch) {
    client.delete(uri("/" + id), ifMatch);
  }

  @Override
  public List<Address> addresses(UserId user) {
    return client.get(addressUri(user), ADDRESSES.where(Expected.eachOnce(Address::id, id -> true)));
  }

  @Override
  public Address addAddress(UserId user, NewAddress address) {
    return client.send(HttpMethod.POST, addressUri(user), address, ADDRESS);
  }

  @Override
  public Address replaceAddress(UserId user, long id, NewAddress address) {
    return client.send(HttpMethod.PUT, addressUri(user, id), address, ADDRESS.where(replaced -> replaced.id() == id));
  }

  @Override
  public void removeAddress(UserId user, long id) {
    client.delete(addressUri(user, id), IfMatch.ANY);
  }

  private static Expected<UserV2> the(UserId id) {
    return USER_V2.where(user -> user.id().equals(id));
  }

  private static List<User> users(List<UserV2> users) {
    return users.stream().map(UserV2::toUser).toList();
  }

  private URI uriV2(String rest) {
    return URI.create(rootV2 + rest);
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
