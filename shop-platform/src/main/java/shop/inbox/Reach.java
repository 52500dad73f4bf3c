package shop.inbox;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.outbox.PublishedEvent;

/**
 * How a source could be read of late.
 *
 * @param readTo the moment up to which it was read, if that is known
 * @param failingSince when it began to fail, if it does
 * @param failures how often it has failed since
 * @param turnsToSkip how many turns leave it alone
 */
record Reach(@Nullable Instant readTo, @Nullable Instant failingSince, int failures, int turnsToSkip) {

  static final Reach UNKNOWN = new Reach(null, null, 0, 0);
  private static final int LONGEST_PAUSE = 16;

  /** Returns what is known of a source that was read to its end, as it was when it was asked. */
  static Reach complete(Instant asked) {
    return new Reach(asked, null, 0, 0);
  }

  /** Returns what is known of a source that has more to tell than these. */
  Reach answered(List<PublishedEvent> events) {
    var last = events.isEmpty() ? readTo : events.get(events.size() - 1).at();
    return new Reach(last, null, 0, 0);
  }

  /** While a source fails, every second turn reads it, then every fourth, at last every sixteenth. */
  Reach failed(Instant at) {
    return new Reach(readTo, failingSince == null ? at : failingSince, failures + 1,
        Math.min(LONGEST_PAUSE, 1 << Math.min(failures + 1, 10)) - 1);
  }

  Reach skipped() {
    return new Reach(readTo, failingSince, failures, turnsToSkip - 1);
  }

  boolean isFailingSince(Instant moment) {
    return failingSince != null && failingSince.isBefore(moment);
  }
}
