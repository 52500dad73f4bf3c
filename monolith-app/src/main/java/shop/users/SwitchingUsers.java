package shop.users;

import dev.banyan.control.client.Fence;
import dev.banyan.control.client.OwnerRecord;
import dev.banyan.control.client.Ownership;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import shop.problems.Problem;

/**
 * The users where the owner record says they are: branch by abstraction.
 *
 * <p>The record may be old by a fraction of a second, so a call can arrive at a side that no longer owns. A read is
 * answered there all the same: that side's copy follows. A write meets the fence, which aborts its transaction and so
 * leaves nothing behind; therefore it may be sent again, to the owner as the record names it then. Between the fence
 * and the new owner's word lies the switch itself, which the write waits for, within bounds.
 */
@Primary
@Service
class SwitchingUsers implements UserDirectory {

  private final OwnerRecord owner;
  private final LocalUsers local;
  private final UserService service;
  private final Patience patience;

  SwitchingUsers(OwnerRecord owner, LocalUsers local, UserService service, Patience patience) {
    this.owner = owner;
    this.local = local;
    this.service = service;
    this.patience = patience;
  }

  @Override
  public Optional<User> find(UserId id) {
    return read(users -> users.find(id));
  }

  @Override
  public List<User> findAll(Collection<UserId> ids) {
    return read(users -> users.findAll(ids));
  }

  @Override
  public List<User> page(long after, int limit) {
    return read(users -> users.page(after, limit));
  }

  @Override
  public List<User> search(String namePrefix, int limit) {
    return read(users -> users.search(namePrefix, limit));
  }

  @Override
  public List<Address> addresses(UserId user) {
    return read(users -> users.addresses(user));
  }

  @Override
  public User register(NewUser user) {
    return write(users -> users.register(user));
  }

  @Override
  public User update(UserId id, UserChange change) {
    return write(users -> users.update(id, change));
  }

  @Override
  public void remove(UserId id) {
    command(users -> users.remove(id));
  }

  @Override
  public Address addAddress(UserId user, NewAddress address) {
    return write(users -> users.addAddress(user, address));
  }

  @Override
  public Address replaceAddress(UserId user, long id, NewAddress address) {
    return write(users -> users.replaceAddress(user, id, address));
  }

  @Override
  public void removeAddress(UserId user, long id) {
    command(users -> users.removeAddress(user, id));
  }

  private <T> T read(Function<UserDirectory, T> read) {
    return read.apply(at(known(owner::current)));
  }

  private void command(Consumer<UserDirectory> write) {
    this.<@Nullable Object>write(users -> {
      write.accept(users);
      return null;
    });
  }

  private <T extends @Nullable Object> T write(Function<UserDirectory, T> write) {
    requireNoTransaction();
    var ownership = known(owner::current);
    long deadline = patience.deadline();
    while (true) {
      try {
        return write.apply(at(ownership));
      } catch (RuntimeException e) {
        ownership = afterRefusal(ownership, e, deadline);
      }
    }
  }

  /** Returns the owner to try after the fence refused a write; any other failure goes on to the caller. */
  private Ownership afterRefusal(Ownership refused, RuntimeException e, long deadline) {
    if (!refusedByFence(e)) {
      throw e;
    }
    var now = known(owner::refresh);
    if (now.owner() == refused.owner() && !patience.waitUntil(deadline)) {
      throw Problem.fenced("Module 'users' is on its way to another owner for more than %d ms; nothing was changed."
          .formatted(patience.limit().toMillis()), e);
    }
    return now.owner() == refused.owner() ? known(owner::refresh) : now;
  }

  private UserDirectory at(Ownership ownership) {
    return ownership.isWithService() ? service.users(ownership) : local;
  }

  private static boolean refusedByFence(RuntimeException e) {
    return Fence.raised(e) || e instanceof Problem problem && problem.isFenced();
  }

  private static Ownership known(Supplier<Ownership> record) {
    try {
      return record.get();
    } catch (IllegalStateException e) {
      throw Problem.unavailable("The owner of module 'users' is not known at the moment.", e);
    }
  }

  private static void requireNoTransaction() {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException(
          "Users cannot be changed within a transaction: call before it begins, or after it ended.");
    }
  }
}
