package shop.orders;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import shop.users.NameCopy;
import shop.users.UserId;
import shop.users.Users;

/** The customers' names, as they are declared to whoever watches copies, and taken from their owner again. */
@Component
class CustomerNames extends NameCopy {

  private final CustomerTable customers;
  private final CustomerUpdates updates;
  private final TransactionOperations transaction;

  CustomerNames(CustomerTable customers, CustomerUpdates updates, Users users, TransactionOperations transaction) {
    super(users);
    this.customers = customers;
    this.updates = updates;
    this.transaction = transaction;
  }

  /**
   * What a rebuild did.
   *
   * @param corrected how many names were not as their owner has them, and are now
   * @param ahead how many were left because they are newer than the owner's answer
   */
  record Rebuilt(long compared, long corrected, long ahead) {

    Rebuilt and(Compared page, long corrected) {
      long newer = page.stale().stream().filter(Stale::isAhead).count();
      return new Rebuilt(compared + page.count(), this.corrected + corrected, ahead + newer);
    }
  }

  /** Takes all names from their owner again. */
  Rebuilt rebuild() {
    var page = compareBehind(FIRST);
    var rebuilt = corrected(new Rebuilt(0, 0, 0), page);
    while (page.next() != null) {
      page = compareBehind(page.next());
      rebuilt = corrected(rebuilt, page);
    }
    return rebuilt;
  }

  private Rebuilt corrected(Rebuilt before, Compared page) {
    return before.and(page, page.stale().stream().filter(stale -> !stale.isAhead()).filter(this::correct).count());
  }

  @Override
  public String name() {
    return "orders.customerName";
  }

  @Override
  public Optional<Duration> lag() {
    return updates.subscription().lag();
  }

  @Override
  protected List<Kept> page(UserId after, int limit) {
    return customers.page(after, limit);
  }

  @Override
  protected boolean correct(Stale stale) {
    return Boolean.TRUE.equals(transaction.execute(status -> customers.correct(stale.kept(), stale.user())));
  }
}
