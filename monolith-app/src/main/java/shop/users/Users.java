package shop.users;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /** Replaces the given fields of a user and raises the revision by exactly one. */
  default User update(UserId id, UserChange change) {
    return update(id, change, null);
  }

  /**
   * The same, for a client that says what it wants to change.
   *
   * @param revision the revision that must be the present one, or nothing for any
   */
  User update(UserId id, UserChange change, @Nullable Long revision);

  /** Removes a user with all addresses. */
  default void remove(UserId id) {
    remove(id, null);
  }

  /** The same, for a client that says which {@code revision} must be the present one, or nothing for any. */
  void remove(UserId id, @Nullable Long revision);
}
