package shop.orders;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * What time it is for orders, and how they wait.
 *
 * @param sleeper waits, and tells whether nobody broke that off
 */
record Pace(Clock clock, Predicate<Duration> sleeper) {

  /** Returns the time of a clock, waited for as it passes. */
  static Pace of(Clock clock) {
    return new Pace(clock, Pace::sleep);
  }

  private static boolean sleep(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
