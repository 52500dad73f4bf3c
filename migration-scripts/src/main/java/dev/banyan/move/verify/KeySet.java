package dev.banyan.move.verify;

import java.util.Optional;
import java.util.UUID;

/**
 * The keys of one table that the applier has changed on one side since a series began.
 *
 * @param series names the recording; it has no gap
 * @param lost why the recording has ended; empty while it goes on
 * @param keys how many keys are written down, one that changed often more than once
 */
record KeySet(UUID series, Optional<String> lost, long keys) {

  boolean isIntact() {
    return lost.isEmpty();
  }

  boolean continues(UUID other) {
    return series.equals(other);
  }
}
