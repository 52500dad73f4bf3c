package shop.copies;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A copy that a module keeps of another's data, and that it can compare with its owner, wherever that is. */
public interface DeclaredCopy {

  /**
   * A copied value that is not its owner's.
   *
   * @param key which of the copied things it is
   * @param copied what tells this copy from an earlier and a later one of the same thing
   * @param isAhead whether the copy is newer than the owner's answer
   */
  record Difference(String key, String copied, boolean isAhead) {}

  /**
   * A page of a comparison.
   *
   * @param next where the next page begins, or nothing at the end
   */
  record Page(int compared, List<Difference> differences, @Nullable String next) {}

  /** Returns what the copy is called, such as {@code orders.customerName}. */
  String name();

  /** Returns whose data it is a copy of, such as {@code users.name}. */
  String owner();

  /** Returns for how long a value may differ from its owner's before somebody is told; nothing stands for {@code shop.copies.max-age}. */
  default Optional<Duration> maxAge() {
    return Optional.empty();
  }

  /** Returns how far the copy may be behind by the events that it follows, if that is known. */
  Optional<Duration> lag();

  /**
   * Compares a page with the owner.
   *
   * @param after where the last page ended, nothing at first
   */
  Page compare(@Nullable String after);

  /** Takes a value from its owner, unless it has changed since it was compared; returns whether it did. */
  boolean heal(Difference difference);
}
