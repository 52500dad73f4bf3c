package shop.users;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import shop.http.IfMatch;
import shop.problems.Problem;

/** The users in this process, on the tables of schema {@code users}; each change is a transaction of its own. */
@Service
class LocalUsers implements UserDirectory {

  private final AccountTable accounts;
  private final AddressTable addresses;
  private final UserEvents events;

  LocalUsers(AccountTable accounts, AddressTable addresses, UserEvents events) {
    this.accounts = accounts;
    this.addresses = addresses;
    this.events = events;
  }

  @Override
  public Optional<User> find(UserId id) {
    return accounts.find(id);
  }

  @Override
  public List<User> findAll(Collection<UserId> ids) {
    return accounts.findAll(ids);
  }

  @Override
  public List<User> page(long after, int limit) {
    return accounts.page(after, limit);
  }

  @Override
  public List<User> search(String namePrefix, int limit) {
    return accounts.search(namePrefix, limit);
  }

  @Override
  @Transactional
  public User register(NewUser user) {
    var registered = require(accounts.insert(user));
    events.registered(registered);
    return registered;
  }

  @Override
  @Transactional
  public User update(UserId id, UserChange change, IfMatch ifMatch) {
    events.lock(id);
    if (!accounts.update(id, change)) {
      throw missing(id);
    }
    var user = require(id);
    // The update has raised it by one, and nobody sees that before the commit.
    ifMatch.require(user.revision() - 1);
    events.updated(user);
    return user;
  }

  @Override
  @Transactional
  public void remove(UserId id, IfMatch ifMatch) {
    events.lock(id);
    var found = accounts.findAndLock(id);
    // Also where there is none: a side that does not own any more refuses it, and cannot know who there is.
    accounts.delete(id);
    var last = found.orElseThrow(() -> missing(id));
    ifMatch.require(last.revision());
    events.removed(last);
  }

  @Override
  public List<Address> addresses(UserId user) {
    require(user);
    return addresses.of(user);
  }

  @Override
  @Transactional
  public Address addAddress(UserId user, NewAddress address) {
    // Without a look at the user first: a side that does not own any more refuses it, and cannot know who there is.
    return addresses.insert(user, address);
  }

  @Override
  @Transactional
  public Address replaceAddress(UserId user, long id, NewAddress address) {
    return addresses.replace(user, id, address);
  }

  @Override
  @Transactional
  public void removeAddress(UserId user, long id) {
    addresses.delete(user, id);
  }

  private User require(UserId id) {
    return accounts.find(id).orElseThrow(() -> missing(id));
  }

  static Problem missing(UserId id) {
    return Problem.notFound("There is no user %s.".formatted(id));
  }
}
