package shop.copies;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import shop.copies.DeclaredCopy.Difference;

/**
 * What is known of one copy: which values differ, and since when. The age of a difference begins when it was first seen
 * that the owner has a version which the copy lacks, and ends when the copy has come to that version, whatever it holds by
 * then: a copy that never catches up is stale however often it changes, and one that always follows is not.
 */
final class Staleness {

  /** Past this number, differences are counted and no longer told apart. */
  private static final int MOST_KNOWN = 10_000;

  private final DeclaredCopy copy;
  private final Clock clock;
  private final Duration maxAge;
  private final Instant begunAt;
  private final AtomicLong begun = new AtomicLong();
  private Map<String, Seen> seen = Map.of();
  private long stale;
  private long latest;
  private @Nullable Instant comparedAt;

  /** A difference as it is now, as it was when its age began, and when that was. */
  private record Seen(Difference now, Difference first, Instant since) {}

  /** Creates what is known at first, which is nothing; {@code maxAge} holds for a copy that has no limit of its own. */
  Staleness(DeclaredCopy copy, Clock clock, Duration maxAge) {
    this.copy = copy;
    this.clock = clock;
    this.maxAge = copy.maxAge().orElse(maxAge);
    this.begunAt = clock.instant();
  }

  /** What is to be thought of a copy. */
  enum Verdict {
    /** Nothing differs for longer than allowed. */
    GOOD,
    /** A value differs for longer than allowed. */
    STALE,
    /** It could not be compared for longer than a value may differ. */
    UNKNOWN
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

  /** Compares all of the copy with its owner. Of several comparisons at a time the one counts that began last. */
  void compare() {
    long number = begun.incrementAndGet();
    var now = clock.instant();
    var found = new HashMap<String, Seen>();
    long count = 0;
    String after = null;
    do {
      var page = copy.compare(after);
      count += page.differences().size();
      for (var difference : page.differences()) {
        if (found.size() < MOST_KNOWN) {
          found.put(difference.key(), seen(difference, now));
        }
      }
      after = page.next();
    } while (after != null);
    replace(number, found, count, now);
  }

  private synchronized Seen seen(Difference difference, Instant now) {
    var before = seen.get(difference.key());
    return before == null || difference.isNewSince(before.first())
        ? new Seen(difference, difference, difference.since(now)) : new Seen(difference, before.first(), before.since());
  }

  private synchronized void replace(long number, Map<String, Seen> found, long count, Instant now) {
    if (number > latest) {
      latest = number;
      seen = found;
      stale = count;
      comparedAt = now;
    }
  }

  /** Returns what differs; of copies that are newer than the owner's answer only those that have been so for long. */
  synchronized List<Difference> healable() {
    var now = clock.instant();
    return seen.values().stream().filter(one -> !one.now().isAhead() || !one.since().plus(maxAge).isAfter(now)).map(Seen::now).toList();
  }

  synchronized long stale() {
    return stale;
  }

  /** Returns what is to be thought of the copy. */
  synchronized Verdict verdict() {
    if (unseen().compareTo(maxAge) > 0) {
      return Verdict.UNKNOWN;
    }
    return oldest().compareTo(maxAge) > 0 ? Verdict.STALE : Verdict.GOOD;
  }

  /** Returns for how long the copy was not compared. */
  synchronized Duration unseen() {
    return Duration.between(comparedAt == null ? begunAt : comparedAt, clock.instant());
  }

  /** Returns for how long the oldest difference had been one at the last comparison; what became of it since, nobody knows. */
  synchronized Duration oldest() {
    var at = comparedAt;
    return seen.values().stream().map(Seen::since).min(Instant::compareTo).filter(since -> at != null)
        .map(since -> Duration.between(since, at)).orElse(Duration.ZERO);
  }

  synchronized Status status() {
    return new Status(copy.name(), copy.owner(), copy.lag().map(Duration::toMillis).orElse(null), stale, oldest().toSeconds(), maxAge.toSeconds(),
        seen.keySet().stream().sorted().limit(10).toList(), comparedAt);
  }
}
