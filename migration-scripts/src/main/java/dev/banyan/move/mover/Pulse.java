package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Progress;
import dev.banyan.control.StaleMoverException;
import dev.banyan.control.client.Owner;
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
  private final Supplier<Optional<String>> halted;
  private final Supplier<String> work;
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2, work -> {
    Thread thread = new Thread(work, "banyan-pulse");
    thread.setDaemon(true);
    return thread;
  });
  private volatile Optional<Lag> lag = Optional.empty();
  private volatile @Nullable StaleMoverException stale;

  Pulse(Progress progress, Supplier<Extraction> record, Supplier<@Nullable Follower> follower,
      Supplier<Optional<String>> halted, Supplier<String> work) {
    this.halted = halted;
    this.work = work;
    this.progress = progress;
    this.record = record;
    this.follower = follower;
    // Apart: a side that does not answer must not make the mover look dead.
    timer.scheduleWithFixedDelay(() -> quietly(this::measure), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(() -> quietly(this::show), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Fails where another mover has taken over. */
  void requireCurrent() {
    if (stale != null) {
      throw stale;
    }
  }

  private void quietly(Runnable work) {
    try {
      work.run();
    } catch (StaleMoverException e) {
      stale = e;
    } catch (RuntimeException e) {
      // A database that is away is noticed by the stream and by the lock; there is nothing to do about it here.
      LOG.debug("no pulse: {}", e.toString());
    }
  }

  private void measure() {
    Follower current = follower.get();
    if (current != null) {
      current.beat();
      Extraction at = record.get();
      long asked = System.nanoTime();
      Lag measured = current.lag();
      lag = Optional.of(measured);
      if (current.owner() == Owner.SERVICE) {
        progress.reached(at, Duration.ofNanos(System.nanoTime() - asked), measured.bytes());
      }
    }
  }

  private void show() {
    Optional<String> reason = halted.get();
    boolean streaming = follower.get() != null;
    String doing = streaming && record.get().phase().isFollowing() ? "streaming" : work.get();
    Optional<Lag> measured = lag.filter(anything -> streaming);
    progress.seen(record.get(), reason.isPresent() ? "halted" : doing,
        measured.map(Lag::time), measured.map(Lag::bytes), reason);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
