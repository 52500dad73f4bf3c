package shop.orders;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import shop.users.User;
import shop.users.UserId;
import shop.users.Users;

/**
 * Compares the copy of the customers' names with the users, in pages and through the interface of their owner, wherever
 * that is; and corrects it, at any time and beside any number of updates.
 *
 * <p>What is corrected must be as it was when the owner was asked: an event that was applied in between is newer than
 * the owner's answer, and stays.
 */
@Service
class CustomerCopy {

  /** As many as the owner answers at once. */
  static final int PAGE = 100;
  /** In front of all users. */
  static final UserId FIRST = new UserId(Long.MIN_VALUE);

  private final CustomerTable customers;
  private final Users users;
  private final TransactionOperations transaction;

  CustomerCopy(CustomerTable customers, Users users, TransactionOperations transaction) {
    this.customers = customers;
    this.users = users;
    this.transaction = transaction;
  }

  /**
   * A copied name that is not its owner's.
   *
   * @param copied what is kept here, nothing if that is not even one name
   * @param copiedRevision the revision that the copy believes to have, -1 for none
   * @param revision the revision that the owner has
   */
  record Difference(UserId user, @Nullable String copied, long copiedRevision, String name, long revision) {

    /** Tells a copy that is newer than the owner's answer: the answer was old, or the owner has lost updates. */
    boolean isAhead() {
      return copiedRevision > revision;
    }
  }

  /**
   * A page of a comparison.
   *
   * @param next the last user that was compared, to go on with, or nothing at the end
   */
  record Compared(int count, List<Difference> differences, @Nullable UserId next) {}

  /** Compares so many customers behind a user with their owner. */
  Compared compare(UserId after, int limit) {
    var copies = customers.page(after, limit);
    var owned = users.findAll(copies.stream().map(CustomerTable.Copy::user).toList()).stream()
        .collect(Collectors.toMap(User::id, Function.identity()));
    var differences = copies.stream().flatMap(copy -> difference(copy, owned.get(copy.user())).stream()).toList();
    return new Compared(copies.size(), differences, copies.size() < limit ? null : copies.get(limit - 1).user());
  }

  /**
   * What a rebuild did.
   *
   * @param corrected how many copies were not as their owner has them, and are now
   * @param ahead how many were left because they are newer than the owner's answer
   */
  record Rebuilt(long compared, long corrected, long ahead) {

    Rebuilt and(Compared page, long corrected) {
      long newer = page.differences().stream().filter(Difference::isAhead).count();
      return new Rebuilt(compared + page.count(), this.corrected + corrected, ahead + newer);
    }
  }

  /** Takes all names from their owner again. */
  Rebuilt rebuild() {
    var rebuilt = new Rebuilt(0, 0, 0);
    for (UserId after = FIRST; after != null; ) {
      var page = compare(after, PAGE);
      rebuilt = rebuilt.and(page, correct(page.differences(), difference -> !difference.isAhead()));
      after = page.next();
    }
    return rebuilt;
  }

  /** Corrects differences, as far as the copies are still as they were compared, and returns how many that were. */
  long correct(List<Difference> differences, Predicate<Difference> which) {
    return differences.stream().filter(which).filter(this::correct).count();
  }

  private boolean correct(Difference difference) {
    return Boolean.TRUE.equals(transaction.execute(status -> customers.correct(
        difference.user(), difference.copiedRevision(), difference.name(), difference.revision())));
  }

  /** A user that its owner does not have any more keeps its last name here. */
  private static Optional<Difference> difference(CustomerTable.Copy copy, @Nullable User user) {
    return user == null || user.name().equals(copy.name())
        ? Optional.empty()
        : Optional.of(new Difference(copy.user(), copy.name(), copy.revision(), user.name(), user.revision()));
  }
}
