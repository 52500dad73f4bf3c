package dev.banyan.move.mover;

import dev.banyan.move.database.Link;
import dev.banyan.move.stream.Follower;
import dev.banyan.move.verify.KeySetUpkeep;
import dev.banyan.move.verify.KeySets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the sets of changed keys small, now and then, beside the stream. */
final class KeyUpkeep implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeyUpkeep.class);
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final KeySets sets;
  private final KeySetUpkeep upkeep;
  private final Supplier<@Nullable Follower> follower;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
    Thread thread = new Thread(work, "banyan-keys");
    thread.setDaemon(true);
    return thread;
  });

  KeyUpkeep(Link link, Supplier<@Nullable Follower> follower) {
    this.sets = new KeySets(link);
    this.upkeep = new KeySetUpkeep(sets);
    this.follower = follower;
    timer.scheduleWithFixedDelay(this::run, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    Follower current = follower.get();
    try {
      if (current != null && upkeep.run(current.owner().other())) {
        current.keepKeysOf(() -> sets.kept(current.owner().other()));
      }
    } catch (RuntimeException e) {
      // Tried again in a moment; until then there are more keys than there need be.
      LOG.debug("no upkeep of changed keys: {}", e.toString());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
