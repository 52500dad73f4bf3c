package dev.banyan.move.plan;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What a move may cost. Keys, defaults and meanings stand in {@link Limit}.
 *
 * @param maxPause how long writes may be held at a switch
 * @param maxLag how far the other side may be behind when a switch begins
 * @param verifiedWithin how long ago every row may have been compared when a switch begins
 * @param retainedWal how much log the slot may retain on the owner
 * @param fenceTimeout how long one attempt waits for the locks of the moved tables
 * @param fenceAttempts how often that is tried
 * @param copyJobs how many ranges are copied at once
 * @param copyRate how many bytes a second the copy reads at most, all jobs together; empty for any number
 * @param rangeRows how many rows a range of the copy has at most
 * @param verifyJobs how many parts of tables a verification reads at once on each server
 * @param maxLoad how many sessions of others may be active while the monolith is copied from; empty for any number
 * @param quietFor how long nobody may have used the former tables when a move is completed
 */
public record Limits(Duration maxPause, Duration maxLag, Duration verifiedWithin, ByteCount retainedWal,
    Duration fenceTimeout, int fenceAttempts, int copyJobs, Optional<ByteCount> copyRate, int rangeRows, int verifyJobs,
    OptionalInt maxLoad, Duration quietFor) {

  private static final String UNLIMITED = "unlimited";

  /** Returns the limits when nothing is said. */
  public static Limits defaults() {
    return of(Limit::defaultText);
  }

  /** Returns these limits with another time for which writes may be held. */
  public Limits withMaxPause(Duration pause) {
    return new Limits(pause, maxLag, verifiedWithin, retainedWal, fenceTimeout, fenceAttempts, copyJobs, copyRate, rangeRows,
        verifyJobs, maxLoad, quietFor);
  }

  /**
   * Reads the limits from their texts.
   *
   * @throws IllegalArgumentException if a text has not the form of its limit
   */
  static Limits of(Function<Limit, String> text) {
    return new Limits(Durations.parse(text.apply(Limit.MAX_PAUSE)), Durations.parse(text.apply(Limit.MAX_LAG)),
        Durations.parse(text.apply(Limit.VERIFIED_WITHIN)), ByteCount.parse(text.apply(Limit.RETAINED_WAL)),
        Durations.parse(text.apply(Limit.FENCE_TIMEOUT)), number(text.apply(Limit.FENCE_ATTEMPTS), 100),
        number(text.apply(Limit.COPY_JOBS), 64), rate(text.apply(Limit.COPY_RATE)), number(text.apply(Limit.RANGE_ROWS), 100_000_000),
        number(text.apply(Limit.VERIFY_JOBS), 64), load(text.apply(Limit.MAX_LOAD)), Durations.parse(text.apply(Limit.QUIET_FOR)));
  }

  private static Optional<ByteCount> rate(String text) {
    if (text.equals(UNLIMITED)) {
      return Optional.empty();
    }
    ByteCount rate = ByteCount.parse(text);
    if (rate.bytes() == 0) {
      throw new IllegalArgumentException("'%s' is no rate: nothing would ever be copied".formatted(text));
    }
    return Optional.of(rate);
  }

  private static OptionalInt load(String text) {
    return text.equals(UNLIMITED) ? OptionalInt.empty() : OptionalInt.of(number(text, 1_000_000));
  }

  private static int number(String text, int most) {
    if (!text.matches("[1-9]\\d{0,8}") || Integer.parseInt(text) > most) {
      throw new IllegalArgumentException("'%s' is no whole number from 1 to %d".formatted(text, most));
    }
    return Integer.parseInt(text);
  }
}
