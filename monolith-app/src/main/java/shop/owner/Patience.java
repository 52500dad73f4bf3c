package shop.owner;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How long a write that met the fence waits for the new owner, and in which steps it looks.
 *
 * @param limit the longest wait
 * @param step the time between two looks
 * @param nanoTime the clock
 * @param sleeper waits for a step
 */
public record Patience(Duration limit, Duration step, LongSupplier nanoTime, Consumer<Duration> sleeper) {

  /** Returns the patience to wait so long, looking every 10 ms. */
  public static Patience of(Duration limit) {
    return new Patience(limit, Duration.ofMillis(10), System::nanoTime, Patience::sleep);
  }

  /** Returns the moment on the clock at which a wait that begins now is over. */
  long deadline() {
    return nanoTime.getAsLong() + limit.toNanos();
  }

  /** Waits a step, and tells whether there was time for it. */
  boolean waitUntil(long deadline) {
    if (nanoTime.getAsLong() - deadline >= 0) {
      return false;
    }
    sleeper.accept(step);
    return true;
  }

  private static void sleep(Duration step) {
    try {
      Thread.sleep(step.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the owner of a module", e);
    }
  }
}
