package dev.banyan.move.copy;

import com.google.common.util.concurrent.RateLimiter;
import dev.banyan.move.plan.ByteCount;
import java.time.Duration;
import java.util.Optional;

/** Lets no more than so many bytes a second through, all jobs of a copy together. */
final class CopyRate {

  // Who is stopped must not have to wait until a large row is paid for.
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final Optional<RateLimiter> limiter;

  /** Creates one; without a number everything passes. */
  CopyRate(Optional<ByteCount> perSecond) {
    this.limiter = perSecond.map(rate -> RateLimiter.create(rate.bytes()));
  }

  /** Waits until these bytes may pass. */
  void await(int bytes) throws InterruptedException {
    if (limiter.isPresent()) {
      while (!limiter.get().tryAcquire(bytes, LOOK_AGAIN)) {
        Thread.sleep(LOOK_AGAIN.toMillis());
      }
    }
  }
}
