package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Progress;
import dev.banyan.control.StaleMoverException;
import dev.banyan.move.stream.Follower;
import dev.banyan.move.stream.Lag;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows, twice a second, that the mover lives, and measures how far the other side is behind. */
final class Pulse implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
  private static final Duration EVERY = Duration.ofMillis(500);

  private final Progress progress;
  private final Supplier<Extraction> record;
  private final Supplier<@Nullable Follower> follower;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
    Thread thread = new Thread(work, "banyan-pulse");
    thread.setDaemon(true);
    return thread;
  });
  private volatile @Nullable StaleMoverException stale;

  Pulse(Progress progress, Supplier<Extraction> record, Supplier<@Nullable Follower> follower) {
    this.progress = progress;
    this.record = record;
    this.follower = follower;
    timer.scheduleWithFixedDelay(this::beat, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Fails where another mover has taken over. */
  void requireCurrent() {
    if (stale != null) {
      throw stale;
    }
  }

  private void beat() {
    try {
      Follower current = follower.get();
      Optional<Lag> lag = Optional.ofNullable(current).map(Pulse::measure);
      progress.seen(record.get(), current == null ? "working" : "streaming", lag.map(Lag::time), lag.map(Lag::bytes), Optional.empty());
    } catch (StaleMoverException e) {
      stale = e;
    } catch (RuntimeException e) {
      // A database that is away is noticed by the stream and by the lock; there is nothing to do about it here.
      LOG.debug("no pulse: {}", e.toString());
    }
  }

  private static Lag measure(Follower follower) {
    follower.beat();
    return follower.lag();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
