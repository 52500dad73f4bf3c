package dev.banyan.move.rehearsal;

import dev.banyan.move.database.DatabaseAddress;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * How a rehearsal is done.
 *
 * @param server a database of the server that the copies are made on
 * @param record for how long the real load is recorded
 * @param rate how many writes a second are replayed; empty for as many as were recorded
 * @param rounds how many pairs of switch and rollback there are, at least one
 * @param between how long each side owns before the next switch or rollback
 */
public record RehearsalSettings(DatabaseAddress server, Duration record, OptionalDouble rate, int rounds,
    Duration between) {

  /** Checks the settings. */
  public RehearsalSettings {
    if (rounds < 1) {
      throw new IllegalArgumentException("A rehearsal has one round at least, not %d".formatted(rounds));
    }
  }
}
