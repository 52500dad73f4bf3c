package shop.copies;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import shop.copies.DeclaredCopy.Difference;

/**
 * What is known of one copy: which values differ, and since when. A value that has changed between two comparisons and
 * differs again is on its way, and not stale since the first one.
 */
final class Staleness {

  /** Past this number, differences are counted and no longer told apart. */
  private static final int MOST_KNOWN = 10_000;

  private final DeclaredCopy copy;
  private final Clock clock;
  private final Duration maxAge;
  private Map<Difference, Instant> since = Map.of();
  private long stale;
  private @Nullable Instant comparedAt;

  /** Creates what is known at first, which is nothing; {@code maxAge} holds for a copy that has no limit of its own. */
  Staleness(DeclaredCopy copy, Clock clock, Duration maxAge) {
    this.copy = copy;
    this.clock = clock;
    this.maxAge = copy.maxAge().orElse(maxAge);
  }

  /**
   * A copy as it was at the last comparison.
   *
   * @param lagMillis how far it may be behind by the events that it follows, nothing while that is not known
   * @param stale how many values differed
   * @param oldestSeconds for how long the one has differed at least that does so longest
   * @param allowedSeconds for how long it may
   * @param keys some of those that differed
   */
  record Status(String name, String owner, @Nullable Long lagMillis, long stale, long oldestSeconds, long allowedSeconds, List<String> keys,
      @Nullable Instant comparedAt) {}

  DeclaredCopy copy() {
    return copy;
  }

  /** Compares all of the copy with its owner. */
  void compare() {
    var now = clock.instant();
    var found = new HashMap<Difference, Instant>();
    long count = 0;
    String after = null;
    do {
      var page = copy.compare(after);
      count += page.differences().size();
      for (var difference : page.differences()) {
        if (found.size() < MOST_KNOWN) {
          found.put(difference, knownSince(difference, now));
        }
      }
      after = page.next();
    } while (after != null);
    replace(found, count, now);
  }

  private synchronized Instant knownSince(Difference difference, Instant now) {
    return since.getOrDefault(difference, now);
  }

  private synchronized void replace(Map<Difference, Instant> found, long count, Instant now) {
    since = found;
    stale = count;
    comparedAt = now;
  }

  /** Returns what differs; of copies that are newer than the owner's answer only those that have been so for long. */
  synchronized List<Difference> healable() {
    var healable = new ArrayList<Difference>();
    since.forEach((difference, at) -> {
      if (!difference.isAhead() || !at.plus(maxAge).isAfter(clock.instant())) {
        healable.add(difference);
      }
    });
    return healable;
  }

  synchronized long stale() {
    return stale;
  }

  boolean isTooOld() {
    return oldest().compareTo(maxAge) > 0;
  }

  synchronized Duration oldest() {
    var now = clock.instant();
    return since.values().stream().min(Instant::compareTo).map(at -> Duration.between(at, now)).orElse(Duration.ZERO);
  }

  synchronized Status status() {
    return new Status(copy.name(), copy.owner(), copy.lag().map(Duration::toMillis).orElse(null), stale, oldest().toSeconds(), maxAge.toSeconds(),
        since.keySet().stream().map(Difference::key).sorted().limit(10).toList(), comparedAt);
  }
}
