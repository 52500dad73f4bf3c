package shop.copies;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A copy that a module keeps of another's data, and that it can compare with its owner, wherever that is. */
public interface DeclaredCopy {

  /**
   * A copied value that is not its owner's.
   *
   * @param key which of the copied things it is
   * @param copied what is kept, nothing where that is not one value
   * @param version the owner's version that the copy believes to be of, less than any of them where there is no copy
   * @param ownerVersion the version that the owner has
   * @param ownerSince since when the owner has it, nothing where that is not told
   */
  record Difference(String key, @Nullable String copied, long version, long ownerVersion, @Nullable Instant ownerSince) {

    /** Returns since when the copy has lacked what its owner has: at least since the owner has it, where there is an older copy. */
    Instant since(Instant seen) {
      return ownerSince != null && version >= 0 && version < ownerVersion && ownerSince.isBefore(seen) ? ownerSince : seen;
    }

    /** Tells whether the copy is newer than the owner's answer. */
    public boolean isAhead() {
      return version > ownerVersion;
    }

    /** Tells whether this is the very copy that was found before. */
    public boolean isOfSameCopyAs(Difference found) {
      return key.equals(found.key) && Objects.equals(copied, found.copied) && version == found.version;
    }

    /**
     * Tells whether what was found before has come right since, and this is something new: the copy has come to where its
     * owner was then, or the owner to where the copy was.
     */
    public boolean isNewSince(Difference found) {
      if (found.isAhead()) {
        return ownerVersion >= found.version;
      }
      return found.version < found.ownerVersion ? version >= found.ownerVersion : version > found.ownerVersion;
    }
  }

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
