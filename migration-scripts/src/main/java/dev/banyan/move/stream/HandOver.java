package dev.banyan.move.stream;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.config.Configuration;
import io.debezium.connector.base.QueueProvider;
import io.debezium.pipeline.DataChangeEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Hands records from the engine's thread that reads the log to the one that delivers them, which wakes as soon as there
 * is something. The engine's own queue keeps its lock for the whole {@code poll.interval.ms} in which it asks again and
 * again, so that the reader can hand over only in between: with more to do than processors, tens of milliseconds late.
 * Instantiated by the engine by its name; {@link WakingTask} takes from it.
 */
public final class HandOver implements QueueProvider<DataChangeEvent> {

  static final String NAME = "hand-over";

  private static final long MOST_BYTES = 64L << 20;
  // While much is written it is asked at this pace, so that the reader need not wake anybody for each of its records.
  private static final long PAUSE_NANOS = 500_000;
  private static final int WORTH_TAKING = 256;

  private static final Map<String, HandOver> BY_STREAM = new ConcurrentHashMap<>();

  private record Weighed(DataChangeEvent event, long bytes) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Queue<Weighed> waiting = new ArrayDeque<>();
  private long bytes;
  private String stream = "";
  private int mostRecords;
  private volatile @Nullable Thread taker;
  private boolean busy;

  /** Returns what the engine has made for the stream of this name. */
  static HandOver of(String stream) {
    HandOver found = BY_STREAM.get(stream);
    if (found == null) {
      throw new IllegalStateException("the engine has made no queue for stream " + stream);
    }
    return found;
  }

  /** Tells whether something waits to be delivered by the stream of this name. */
  static boolean isFilled(String stream) {
    HandOver found = BY_STREAM.get(stream);
    return found != null && found.size() > 0;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void configure(Map<String, ?> properties) {
    Configuration settings = Configuration.from(properties);
    mostRecords = settings.getInteger(CommonConnectorConfig.MAX_QUEUE_SIZE);
    stream = settings.getString("name");
    BY_STREAM.put(stream, this);
  }

  @Override
  public void enqueue(DataChangeEvent event) {
    Weighed weighed = new Weighed(event, RecordWeight.of(event.getRecord()));
    lock.lock();
    try {
      waiting.add(weighed);
      bytes += weighed.bytes();
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Returns up to {@code most} records as soon as there is one, and none after {@code patience}; for one thread. */
  List<SourceRecord> take(int most, Duration patience) throws InterruptedException {
    taker = Thread.currentThread();
    if (busy && size() < WORTH_TAKING) {
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
    lock.lockInterruptibly();
    try {
      long left = patience.toNanos();
      while (waiting.isEmpty() && left > 0) {
        left = filled.awaitNanos(left);
      }
      List<SourceRecord> taken = new ArrayList<>(Math.min(most, waiting.size()));
      while (taken.size() < most && !waiting.isEmpty()) {
        taken.add(removed().getRecord());
      }
      busy = !taken.isEmpty();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private DataChangeEvent removed() {
    Weighed first = waiting.remove();
    bytes -= first.bytes();
    return first.event();
  }

  @Override
  public @Nullable DataChangeEvent poll() {
    lock.lock();
    try {
      return waiting.isEmpty() ? null : removed();
    } finally {
      lock.unlock();
    }
  }

  /** Whoever fills it finds it full as well where the records are large, and waits. */
  @Override
  public int size() {
    lock.lock();
    try {
      boolean heavy = bytes >= MOST_BYTES && Thread.currentThread() != taker;
      return heavy ? Math.max(mostRecords, waiting.size()) : waiting.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    BY_STREAM.remove(stream, this);
  }
}
