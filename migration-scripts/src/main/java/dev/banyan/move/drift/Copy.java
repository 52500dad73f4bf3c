package dev.banyan.move.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A declared copy, as the application that keeps it tells of it.
 *
 * @param name what is copied where, such as {@code orders.customerName}: the module that keeps it and a dot come first
 * @param owner whose data it is, such as {@code users.name}: the owning module and a dot come first
 * @param lag how far it may be behind by the events that it follows, empty while that is not known
 * @param stale how many values differed from their owner's at the last comparison
 * @param oldest for how long the one has differed that does so longest
 * @param allowed for how long a value may
 * @param keys some of those that differ
 * @param comparedAt when all of the copy was compared with its owner, empty if that was never
 */
public record Copy(String name, String owner, Optional<Duration> lag, long stale, Duration oldest, Duration allowed, List<String> keys,
    Optional<Instant> comparedAt) {

  /** What a copy is worth. */
  public enum Verdict {
    /** No value differed. */
    EQUAL,
    /** Values differ, none for longer than allowed. */
    BEHIND,
    /** A value has differed for longer than allowed. */
    STALE,
    /** It was never compared, or longer ago than a value may differ: nobody knows. */
    UNKNOWN;

    /** Tells whether somebody has to do something. */
    public boolean isBad() {
      return this == STALE || this == UNKNOWN;
    }
  }

  /** Returns what the copy is worth at a moment. */
  public Verdict verdict(Instant now) {
    if (oldest.compareTo(allowed) > 0) {
      return Verdict.STALE;
    }
    if (comparedAt.filter(at -> !at.plus(allowed).isBefore(now)).isEmpty()) {
      return Verdict.UNKNOWN;
    }
    return stale == 0 ? Verdict.EQUAL : Verdict.BEHIND;
  }

  /** Tells whether a module keeps this copy, or owns what it is of. */
  public boolean concerns(String module) {
    return name.startsWith(module + ".") || owner.startsWith(module + ".");
  }
}
