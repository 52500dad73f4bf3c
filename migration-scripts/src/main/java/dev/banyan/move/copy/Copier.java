package dev.banyan.move.copy;

import dev.banyan.control.StaleMoverException;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.ExportedSnapshot;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.SideEpoch;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.plan.Limits;
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
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies every row that the monolith had at one position of its log, the start of a slot created for it.
 *
 * <p>The service's tables are emptied first: a copy that was interrupted begins anew, because rows of two snapshots
 * under one unique index need not fit together.
 */
public final class Copier {

  private static final Logger LOG = LoggerFactory.getLogger(Copier.class);
  private static final Duration TELL_AFTER = Duration.ofSeconds(5);

  private final Link link;
  private final Limits limits;
  private final long epoch;
  private final CopyProgress progress;
  private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
  private volatile boolean aborted;

  /** Creates a copier that works under {@code epoch}. */
  public Copier(Link link, Limits limits, long epoch, CopyProgress progress) {
    this.link = link;
    this.limits = limits;
    this.epoch = epoch;
    this.progress = progress;
  }

  /** Copies everything; returns the position that the rows have, from which the slot streams on. */
  public Lsn copy() throws SQLException, InterruptedException {
    empty();
    try (ExportedSnapshot snapshot = snapshot()) {
      copy(snapshot, ranges(snapshot));
      storePosition(snapshot.position());
      return snapshot.position();
    }
  }

  /** A slot begins where no transaction is open; there may be one that takes its time. */
  private ExportedSnapshot snapshot() throws SQLException, InterruptedException {
    while (!aborted) {
      try {
        return ExportedSnapshot.ofSlot(link.monolith(), ObjectNames.slot(link.module(), Owner.MONOLITH), TELL_AFTER);
      } catch (TimeoutException e) {
        progress.waiting(String.valueOf(e.getMessage()));
      }
    }
    throw new InterruptedException("the copy was broken off");
  }

  /** Breaks a copy off that another thread runs, by closing its connections; does nothing where none runs. */
  public void abort() {
    aborted = true;
    connections.forEach(connection -> {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.debug("while breaking off: {}", e.toString());
      }
    });
  }

  private Connection opened(Connection connection) {
    connections.add(connection);
    return connection;
  }

  private void empty() throws SQLException {
    try (Connection target = opened(link.service().connectAsApplier()); var statement = target.createStatement()) {
      target.setAutoCommit(false);
      SideEpoch.require(target, link.module(), epoch);
      statement.execute("update banyan.side set applied = null where module = " + Sql.literal(link.module()));
      List<String> tables = link.flowsFrom(Owner.MONOLITH).stream().map(table -> table.target().sql()).toList();
      statement.execute("truncate " + String.join(", ", tables));
      target.commit();
    }
  }

  private List<KeyRange> ranges(ExportedSnapshot snapshot) throws SQLException {
    try (Connection source = opened(link.monolith().connect())) {
      snapshot.importInto(source);
      RangePlanner planner = new RangePlanner(source, limits.rangeRows());
      List<KeyRange> ranges = new ArrayList<>();
      for (TableFlow table : link.flowsFrom(Owner.MONOLITH)) {
        ranges.addAll(planner.plan(table));
      }
      return ranges;
    }
  }

  private void copy(ExportedSnapshot snapshot, List<KeyRange> ranges) throws SQLException, InterruptedException {
    Queue<KeyRange> waiting = new ConcurrentLinkedQueue<>(ranges);
    Map<TableFlow, AtomicInteger> open = new ConcurrentHashMap<>();
    ranges.forEach(range -> open.computeIfAbsent(range.table(), table -> new AtomicInteger()).incrementAndGet());
    ExecutorService workers = Executors.newFixedThreadPool(Math.min(limits.copyJobs(), ranges.size()), Copier::thread);
    try {
      List<Future<?>> jobs = new ArrayList<>();
      for (int i = 0; i < Math.min(limits.copyJobs(), ranges.size()); i++) {
        jobs.add(workers.submit(() -> {
          work(snapshot, waiting, open);
          return null;
        }));
      }
      awaitAll(jobs);
    } finally {
      workers.shutdownNow();
    }
  }

  private void work(ExportedSnapshot snapshot, Queue<KeyRange> waiting, Map<TableFlow, AtomicInteger> open)
      throws SQLException {
    try (Connection source = opened(link.monolith().connect());
        Connection target = opened(link.service().connectAsApplier())) {
      snapshot.importInto(source);
      target.setAutoCommit(false);
      RangeCopy copy = new RangeCopy(source, target, link.module(), epoch);
      for (@Nullable KeyRange range = waiting.poll(); range != null; range = waiting.poll()) {
        TableFlow table = range.table();
        copy.run(range, rows -> progress.copied(table.source(), rows));
        AtomicInteger left = open.get(table);
        if (left != null && left.decrementAndGet() == 0) {
          analyze(target, table);
          progress.finished(table.source());
        }
      }
    }
  }

  /** Without statistics the applier's first statements would read whole tables. */
  private static void analyze(Connection target, TableFlow table) throws SQLException {
    try (var statement = target.createStatement()) {
      statement.execute("analyze " + table.target().sql());
    }
    target.commit();
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

  private void storePosition(Lsn position) throws SQLException {
    int stored = link.service().jdbi().withHandle(handle -> handle.execute(
        "update banyan.side set applied = ?::pg_lsn where module = ? and epoch = ?", position.toString(), link.module(), epoch));
    if (stored != 1) {
      throw new StaleMoverException(link.module(), epoch);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "banyan-copy");
    thread.setDaemon(true);
    return thread;
  }
}
