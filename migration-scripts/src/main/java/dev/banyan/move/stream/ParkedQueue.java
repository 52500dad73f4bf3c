package dev.banyan.move.stream;

import io.debezium.connector.base.DefaultQueueProvider;
import io.debezium.pipeline.Sizeable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The engine's queue between the thread that reads the log and the one that asks for records, in which asking costs
 * no processor. The engine rounds what is left of its {@code poll.interval.ms} of 1 down to none, so that it asks and
 * asks until the millisecond is over: two fifths of a core, whether anything is written or not.
 * Instantiated by the engine by its name.
 *
 * @param <T> the engine's records
 */
public final class ParkedQueue<T extends Sizeable> extends DefaultQueueProvider<T> {

  static final String NAME = "parked";

  // Asked twice in the engine's millisecond, all of which it keeps the queue locked: nothing comes any later for it.
  private static final long PAUSE_NANOS = 500_000;

  private volatile @Nullable Thread producer;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void enqueue(T event) throws InterruptedException {
    producer = Thread.currentThread();
    super.enqueue(event);
  }

  /** The producer asks as well, with something in its hand. */
  @Override
  public int size() {
    int size = super.size();
    if (size == 0 && Thread.currentThread() != producer) {
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
    return size;
  }
}
