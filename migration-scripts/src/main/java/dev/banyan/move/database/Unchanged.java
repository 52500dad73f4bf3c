package dev.banyan.move.database;

import java.time.Duration;
import java.util.Optional;

/** Something that is looked at again and again, and since when it has been the same. Used by one thread. */
public final class Unchanged {

  private Optional<?> seen = Optional.empty();
  private long since;

  /** Notes what is seen now, empty where there is nothing, and tells whether it has been just that for longer than {@code time}. */
  public boolean lasts(Duration time, Optional<?> now) {
    if (!now.equals(seen)) {
      seen = now;
      since = System.nanoTime();
    }
    return seen.isPresent() && System.nanoTime() - since > time.toNanos();
  }
}
