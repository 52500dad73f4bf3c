package dev.banyan.move.mover;

import java.time.Duration;
import java.util.Optional;

/** Sees whether anybody still uses the monolith's former tables, by PostgreSQL's own statistics. */
final class QuietWatch {

  // Whoever ends, ours among them, reports what it has done a moment later.
  private static final Duration CALM_FOR = Duration.ofSeconds(1);
  private static final Duration CALM_WITHIN = Duration.ofSeconds(5);
  // A session that is idle reports up to 10 s later what it did while the monolith still owned.
  static final Duration REPORTED_WITHIN = Duration.ofSeconds(11);
  private static final long POLL_MILLIS = 100;

  private final Workspace space;

  QuietWatch(Workspace space) {
    this.space = space;
  }

  /** Watches for so long; returns what was seen, empty where it was nothing. */
  Optional<String> watch(Duration quietFor) throws InterruptedException {
    if (quietFor.isZero()) {
      return Optional.empty();
    }
    TableUse before = calm();
    long end = System.nanoTime() + quietFor.toNanos();
    while (System.nanoTime() < end) {
      Thread.sleep(POLL_MILLIS);
      TableUse now = TableUse.of(space);
      if (!now.equals(before)) {
        return Optional.of("%s within %d ms".formatted(now.since(before), quietFor.toMillis() - (end - System.nanoTime()) / 1_000_000));
      }
    }
    return Optional.empty();
  }

  private TableUse calm() throws InterruptedException {
    Duration owned = space.control().sinceDecided(space.module()).orElse(REPORTED_WITHIN);
    long begun = System.nanoTime() + Math.max(0, REPORTED_WITHIN.minus(owned).toNanos());
    TableUse last = TableUse.of(space);
    long since = System.nanoTime();
    while (System.nanoTime() - begun < 0
        || System.nanoTime() - since < CALM_FOR.toNanos() && System.nanoTime() - begun < CALM_WITHIN.toNanos()) {
      Thread.sleep(POLL_MILLIS);
      TableUse now = TableUse.of(space);
      if (!now.equals(last)) {
        last = now;
        since = System.nanoTime();
      }
    }
    return last;
  }
}
