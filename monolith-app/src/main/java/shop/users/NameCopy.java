package shop.users;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import shop.copies.DeclaredCopy;

/**
 * A copy of the users' names that another module keeps. It is compared with them in pages and through the interface of their
 * owner, wherever that is, and corrected at any time and beside any number of updates.
 *
 * <p>What is corrected must be as it was when the owner was asked: an event that was applied in between is newer than
 * the owner's answer, and stays.
 */
public abstract class NameCopy implements DeclaredCopy {

  /** As many as the owner answers at once. */
  private static final int PAGE = 100;
  /** In front of all users. */
  protected static final UserId FIRST = new UserId(Long.MIN_VALUE);

  private final Users users;

  /** Creates a copy of the names of these users. */
  protected NameCopy(Users users) {
    this.users = users;
  }

  /**
   * A name that is kept.
   *
   * @param name the name, or nothing where it is missing or not the same everywhere
   * @param version the user's version that it is of, -1 where there is none
   */
  public record Kept(UserId user, @Nullable String name, long version) {}

  /** A name that is kept, and its user, who is called otherwise. */
  public record Stale(Kept kept, User user) {

    private Difference told() {
      return new Difference(user.id().toString(), kept.name(), kept.version(), user.revision(), user.updatedAt());
    }

    /** Tells a copy that is newer than the owner's answer: the answer was old, or the owner has lost updates. */
    public boolean isAhead() {
      return told().isAhead();
    }
  }

  /**
   * A page of a comparison.
   *
   * @param next the last user that was compared, to go on with, or nothing at the end
   */
  public record Compared(int count, List<Stale> stale, @Nullable UserId next) {}

  /** Returns the names that are kept of users behind one, in the order of users. */
  protected abstract List<Kept> page(UserId after, int limit);

  /** Replaces a name by the user's, if it is still as it was compared; returns whether it was. */
  protected abstract boolean correct(Stale stale);

  @Override
  public final String owner() {
    return "users.name";
  }

  @Override
  public final Page compare(@Nullable String after) {
    var compared = compareBehind(after == null ? FIRST : user(after));
    var next = compared.next();
    return new Page(compared.count(), compared.stale().stream().map(Stale::told).toList(), next == null ? null : next.toString());
  }

  /** Compares a page of names with their owner's, behind a user. */
  public final Compared compareBehind(UserId after) {
    var kept = page(after, PAGE);
    return new Compared(kept.size(), stale(kept), kept.size() < PAGE ? null : kept.get(PAGE - 1).user());
  }

  @Override
  public final boolean heal(Difference difference) {
    var before = new UserId(user(difference.key()).value() - 1);
    return stale(page(before, 1)).stream().filter(stale -> stale.told().isOfSameCopyAs(difference)).anyMatch(this::correct);
  }

  /** A user that its owner does not have any more keeps its last name. */
  private List<Stale> stale(List<Kept> page) {
    Map<UserId, Kept> kept = page.stream().collect(Collectors.toMap(Kept::user, Function.identity()));
    return users.findAll(kept.keySet()).stream().flatMap(user -> Optional.ofNullable(kept.get(user.id())).map(name -> new Stale(name, user)).stream())
        .filter(stale -> !stale.user().name().equals(stale.kept().name())).toList();
  }

  private static UserId user(String key) {
    return new UserId(Long.parseLong(key));
  }
}
