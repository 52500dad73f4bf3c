package shop.users;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import shop.http.IfMatch;
import shop.problems.Problem;

/** The users; each change is a transaction of its own, and what others must hear of it is part of that. */
@Service
class Users {

  private final AccountTable accounts;
  private final AddressTable addresses;
  private final UserEvents events;

  Users(AccountTable accounts, AddressTable addresses, UserEvents events) {
    this.accounts = accounts;
    this.addresses = addresses;
    this.events = events;
  }

  Optional<User> find(UserId id) {
    return accounts.find(id);
  }

  List<User> findAll(Collection<UserId> ids) {
    return accounts.findAll(ids);
  }

  List<User> page(long after, int limit) {
    return accounts.page(after, limit);
  }

  List<User> search(String namePrefix, int limit) {
    return accounts.search(namePrefix, limit);
  }

  @Transactional
  User register(NewUser user) {
    var registered = require(accounts.insert(user));
    events.registered(registered);
    return registered;
  }

  /** Updates a user whose present revision is one that the client means. */
  @Transactional
  User update(UserId id, UserChange change, IfMatch ifMatch) {
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

  /** Removes a user whose present revision is one that the client means. */
  @Transactional
  void remove(UserId id, IfMatch ifMatch) {
    events.lock(id);
    var found = accounts.findAndLock(id);
    // Also where there is none: a side that does not own any more refuses it, and cannot know who there is.
    accounts.delete(id);
    var last = found.orElseThrow(() -> missing(id));
    ifMatch.require(last.revision());
    events.removed(last);
  }

  List<Address> addresses(UserId user) {
    require(user);
    return addresses.of(user);
  }

  @Transactional
  Address addAddress(UserId user, NewAddress address) {
    // Without a look at the user first: a side that does not own any more refuses it, and cannot know who there is.
    return addresses.insert(user, address);
  }

  @Transactional
  Address replaceAddress(UserId user, long id, NewAddress address) {
    return addresses.replace(user, id, address);
  }

  @Transactional
  void removeAddress(UserId user, long id) {
    addresses.delete(user, id);
  }

  private User require(UserId id) {
    return accounts.find(id).orElseThrow(() -> missing(id));
  }

  private static Problem missing(UserId id) {
    return Problem.notFound("There is no user %s.".formatted(id));
  }
}
