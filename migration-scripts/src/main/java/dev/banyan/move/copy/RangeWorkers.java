package dev.banyan.move.copy;

import dev.banyan.move.database.CopyLedger;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.TableFlow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Copies ranges, several at once, in their order, as fast as the brake lets it. */
final class RangeWorkers {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final Link link;
  private final long epoch;
  private final CopyProgress progress;
  private final CopyLedger ledger;
  private final Connections connections;
  private final Brake brake;
  private final CopyRate rate;

  RangeWorkers(Link link, long epoch, CopyProgress progress, CopyLedger ledger, Connections connections, Brake brake,
      CopyRate rate) {
    this.link = link;
    this.epoch = epoch;
    this.progress = progress;
    this.ledger = ledger;
    this.connections = connections;
    this.brake = brake;
    this.rate = rate;
  }

  /** Copies the ranges under one snapshot, until all are copied or the brake stops it between two of them. */
  void copy(LockedSnapshot snapshot, List<KeyRange> ranges, int jobs) throws SQLException, InterruptedException {
    Queue<KeyRange> waiting = new ConcurrentLinkedQueue<>(ranges);
    Map<TableFlow, AtomicInteger> open = new ConcurrentHashMap<>();
    ranges.forEach(range -> open.computeIfAbsent(range.table(), table -> new AtomicInteger()).incrementAndGet());
    int workers = Math.min(jobs, ranges.size());
    ExecutorService threads = Executors.newFixedThreadPool(workers, RangeWorkers::thread);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        all.add(threads.submit(() -> {
          work(snapshot, waiting, open);
          return null;
        }));
      }
      awaitAll(all);
    } finally {
      threads.shutdownNow();
    }
  }

  private void work(LockedSnapshot snapshot, Queue<KeyRange> waiting, Map<TableFlow, AtomicInteger> open)
      throws SQLException, InterruptedException {
    try (Connection source = connections.opened(link.monolith().connect());
        Connection target = connections.opened(link.service().connectAsApplier())) {
      snapshot.importInto(source);
      target.setAutoCommit(false);
      RangeCopy copy = new RangeCopy(source, target, snapshot.position(), link.module(), epoch, ledger, rate);
      for (@Nullable KeyRange range = next(waiting); range != null; range = next(waiting)) {
        TableFlow table = range.table();
        copy.run(range, rows -> {
          progress.copied(table.source(), rows);
          awaitLoad();
        });
        AtomicInteger left = open.get(table);
        if (left != null && left.decrementAndGet() == 0) {
          Statistics.sample(target, table.target());
          target.commit();
          progress.finished(table.source());
        }
      }
    }
  }

  private @Nullable KeyRange next(Queue<KeyRange> waiting) throws InterruptedException {
    while (brake.waits() && !brake.stops()) {
      connections.requireNotAborted();
      Thread.sleep(LOOK_AGAIN.toMillis());
    }
    return brake.stops() ? null : waiting.poll();
  }

  /** In the middle of a range: while nothing is read, the server has nothing to do for it. */
  private void awaitLoad() throws InterruptedException {
    while (brake.waits()) {
      connections.requireNotAborted();
      Thread.sleep(LOOK_AGAIN.toMillis());
    }
  }

  private static void awaitAll(List<Future<?>> jobs) throws SQLException, InterruptedException {
    for (Future<?> job : jobs) {
      try {
        job.get();
      } catch (ExecutionException e) {
        jobs.forEach(other -> other.cancel(true));
        if (e.getCause() instanceof SQLException cause) {
          throw cause;
        }
        throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
      }
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "banyan-copy");
    thread.setDaemon(true);
    return thread;
  }
}
