package dev.banyan.move.rehearsal;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.rehearsal.RecordedLoad.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Writers that change the copies as the real tables were changed, one row in a transaction, and follow the owner. */
final class Replay implements AutoCloseable {

  private static final int WRITERS = 4;
  private static final long ENDED_WITHIN_MILLIS = 10_000;

  /** A table with what is done to it, as shares of all writes. */
  record Share(ReplayedTable table, double updates, double replacements) {}

  private final WriterLog log = new WriterLog();
  private final List<ReplayWriter> writers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<String> unwritten = new ArrayList<>();
  private final long beganNanos = System.nanoTime();

  /**
   * Starts the writers.
   *
   * @param addresses where an application would connect, by side
   * @param rate how many writes a second
   */
  Replay(Link link, Map<Owner, DatabaseAddress> addresses, RecordedLoad load, double rate) {
    List<Share> shares = shares(link, load);
    for (int i = 0; i < WRITERS && !shares.isEmpty(); i++) {
      ReplayWriter writer = new ReplayWriter(addresses, shares, log, new Random(i), (long) (TimeUnit.SECONDS.toNanos(WRITERS) / rate));
      Thread thread = new Thread(writer, "banyan-rehearsal-writer-" + i);
      thread.setDaemon(true);
      thread.start();
      writers.add(writer);
      threads.add(thread);
    }
  }

  private List<Share> shares(Link link, RecordedLoad load) {
    boolean idle = load.writesPerSecond() == 0;
    List<Share> shares = new ArrayList<>();
    for (MovedTable table : link.tables()) {
      Written written = load.tables().getOrDefault(table.monolith().name(), new Written(0, 0, 0));
      Optional<ReplayedTable> replayed = idle || written.rows() > 0 ? ReplayedTable.of(link, table) : Optional.empty();
      if (replayed.isPresent()) {
        // A row that comes and one that goes are replayed by one that does both.
        shares.add(idle ? new Share(replayed.get(), 1, 0)
            : new Share(replayed.get(), written.updated(), written.replacements()));
      } else if (idle || written.rows() > 0) {
        unwritten.add(table.monolith().name().toString());
      }
    }
    return shares;
  }

  /** Returns what the writers have seen. */
  WriterLog log() {
    return log;
  }

  /** Returns the tables that nothing is written to, though something was: without a key or without rows. */
  List<String> unwritten() {
    return unwritten;
  }

  /** Tells whether anybody writes. */
  boolean hasWriters() {
    return !writers.isEmpty();
  }

  /** Returns how many writes a second there were so far. */
  double reachedRate() {
    return log.written() * (double) TimeUnit.SECONDS.toNanos(1) / Math.max(1, System.nanoTime() - beganNanos);
  }

  @Override
  public void close() throws InterruptedException {
    writers.forEach(ReplayWriter::stop);
    for (Thread thread : threads) {
      thread.join(ENDED_WITHIN_MILLIS);
    }
  }
}
