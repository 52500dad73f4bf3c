package dev.banyan.cli;

import dev.banyan.control.Intents;
import dev.banyan.control.Intents.Intent;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Something that was asked of the mover, seen from who waits for it.
 *
 * @param intents what is asked of movers
 * @param id its number
 * @param isMoverAlive whether the mover was seen lately
 */
record AskedIntent(Intents intents, long id, BooleanSupplier isMoverAlive) {

  private static final Duration POLL = Duration.ofMillis(20);

  /**
   * Waits until it has ended, and tells how far it comes.
   *
   * @return how it ended; empty where the mover is gone before that, and nobody will begin with it any more
   */
  Optional<Intent> awaitEnd(Consumer<String> progress) throws InterruptedException {
    Optional<String> told = Optional.empty();
    while (true) {
      boolean served = isMoverAlive.getAsBoolean();
      // Asked in this order: a mover that has ended what it was asked for may leave in the same moment.
      Intent intent = intents.get(id);
      if (intent.state().isEnded()) {
        return Optional.of(intent);
      }
      if (!served && (intents.withdraw(id) || isStillGone())) {
        return Optional.empty();
      }
      Optional<String> now = intents.progress(id);
      if (!now.equals(told)) {
        now.ifPresent(progress);
        told = now;
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  /** One that was started again meanwhile settles what its predecessor began. */
  private boolean isStillGone() {
    return !isMoverAlive.getAsBoolean() && !intents.get(id).state().isEnded();
  }
}
