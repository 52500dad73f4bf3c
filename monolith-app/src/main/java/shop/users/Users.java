package shop.users;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import shop.http.IfMatch;

/**
 * The users, wherever they live: in this process, or in the extracted service. The owner record decides at each call.
 *
 * <p>What changes users must not be called within a transaction, because it would take part in it on one side of an
 * extraction and not on the other. All methods throw {@link shop.problems.Problem} for what is missing, contradictory
 * or unavailable, and are safe for use by several threads.
 */
public interface Users {

  /** Returns a user, or nothing if there is none. */
  Optional<User> find(UserId id);

  /** Returns those of at most 100 users that exist, ordered by identity. */
  List<User> findAll(Collection<UserId> ids);

  /** Registers a user; its e-mail address must not be taken. */
  User register(NewUser user);

  /** Replaces the given fields of a user whose present revision is one that the client means, and raises that by exactly one. */
  User update(UserId id, UserChange change, IfMatch ifMatch);

  /** Removes a user whose present revision is one that the client means, with all addresses. */
  void remove(UserId id, IfMatch ifMatch);
}
