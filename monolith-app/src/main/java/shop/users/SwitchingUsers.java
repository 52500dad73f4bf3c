package shop.users;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Service;
import shop.http.IfMatch;
import shop.owner.ClientPart;
import shop.owner.OwnedModule;
import shop.problems.Problem;

/** The users where the owner record says they are. */
@ClientPart
@Primary
@Service
class SwitchingUsers implements UserDirectory {

  private final OwnedModule<UserDirectory> users;

  SwitchingUsers(OwnedModule<UserDirectory> users) {
    this.users = users;
  }

  @Override
  public Optional<User> find(UserId id) {
    return users.find(there -> there.find(id));
  }

  @Override
  public List<User> findAll(Collection<UserId> ids) {
    return users.read(there -> there.findAll(ids));
  }

  @Override
  public List<User> page(long after, int limit) {
    return users.read(there -> there.page(after, limit));
  }

  @Override
  public List<User> search(String namePrefix, int limit) {
    return users.read(there -> there.search(namePrefix, limit));
  }

  @Override
  public List<Address> addresses(UserId user) {
    return users.find(there -> addresses(there, user)).orElseThrow(() -> LocalUsers.missing(user));
  }

  private static Optional<List<Address>> addresses(UserDirectory there, UserId user) {
    try {
      return Optional.of(there.addresses(user));
    } catch (Problem e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public User register(NewUser user) {
    return users.write(there -> there.register(user));
  }

  @Override
  public User update(UserId id, UserChange change, IfMatch ifMatch) {
    return users.write(there -> there.update(id, change, ifMatch));
  }

  @Override
  public void remove(UserId id, IfMatch ifMatch) {
    users.command(there -> there.remove(id, ifMatch));
  }

  @Override
  public Address addAddress(UserId user, NewAddress address) {
    return users.write(there -> there.addAddress(user, address));
  }

  @Override
  public Address replaceAddress(UserId user, long id, NewAddress address) {
    return users.write(there -> there.replaceAddress(user, id, address));
  }

  @Override
  public void removeAddress(UserId user, long id) {
    users.command(there -> there.removeAddress(user, id));
  }
}
