package dev.banyan.control;

import static java.util.Map.entry;

import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Where an extraction stands. The legal moves stand in one table here; nothing else decides them.
 */
public enum Phase {
  /** Registered: plan read and checked, nothing copied. */
  PLANNED,
  /** Snapshot rows are being copied. */
  COPYING,
  /** The service's tables follow the monolith's. */
  IN_SYNC,
  /** A part or all of the reads go to the service; the monolith still owns. */
  READS_SWITCHED,
  /** The service owns; the monolith's tables follow. */
  WRITES_SWITCHED,
  /** Finished: the service owns, nothing follows. */
  COMPLETED,
  /** Given up before the switch of writes: the monolith owns, nothing follows. */
  CANCELLED;

  private static final Map<Phase, Set<Phase>> LEGAL = Map.ofEntries(
      entry(PLANNED, EnumSet.of(COPYING, CANCELLED)),
      entry(COPYING, EnumSet.of(IN_SYNC, CANCELLED)),
      entry(IN_SYNC, EnumSet.of(READS_SWITCHED, WRITES_SWITCHED, CANCELLED)),
      entry(READS_SWITCHED, EnumSet.of(IN_SYNC, READS_SWITCHED, WRITES_SWITCHED, CANCELLED)),
      entry(WRITES_SWITCHED, EnumSet.of(IN_SYNC, COMPLETED)),
      entry(COMPLETED, EnumSet.noneOf(Phase.class)),
      entry(CANCELLED, EnumSet.of(PLANNED)));

  /** Tells whether an extraction may go from this phase to {@code next}. */
  public boolean mayBecome(Phase next) {
    return Objects.requireNonNull(LEGAL.get(this)).contains(next);
  }

  /** Tells whether rows flow from the owner to the other side in this phase. */
  public boolean isFollowing() {
    return this == IN_SYNC || this == READS_SWITCHED || this == WRITES_SWITCHED;
  }

  /** Tells whether the extraction has ended, one way or the other. */
  public boolean isEnded() {
    return this == COMPLETED || this == CANCELLED;
  }
}
