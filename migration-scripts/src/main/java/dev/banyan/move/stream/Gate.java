package dev.banyan.move.stream;

import dev.banyan.move.database.Lsn;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Stops the applier in front of the first transaction that ends behind a position, and lets it go on. */
final class Gate {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Lsn limit;
  private boolean waiting;
  private boolean closed;
  private @Nullable IllegalStateException failure;

  /** Lets nothing pass that ends behind {@code position}; an earlier limit is replaced. */
  void limit(Lsn position) {
    set(position);
  }

  /** Lets everything pass. */
  void open() {
    set(null);
  }

  private void set(@Nullable Lsn position) {
    lock.lock();
    try {
      limit = position;
      waiting = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets nothing pass any more; whoever waits is interrupted. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Tells those who wait for a stop that there will be none. */
  void fail(IllegalStateException reason) {
    lock.lock();
    try {
      failure = reason;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether a transaction that ends at {@code end} would have to wait. */
  boolean blocks(Lsn end) {
    lock.lock();
    try {
      return closed || (limit != null && end.isAfter(limit));
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a transaction that ends at {@code end} may pass; everything before it must be durable. */
  void pass(Lsn end) throws InterruptedException {
    lock.lock();
    try {
      while (!closed && limit != null && end.isAfter(limit)) {
        waiting = true;
        changed.signalAll();
        changed.await();
      }
      if (closed) {
        throw new InterruptedException("the stream is being closed");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether the applier stands in front of the limit, with everything up to it durable. */
  boolean isWaiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the applier stands in front of the limit, with everything up to it durable. */
  void awaitStop(Duration timeout) throws InterruptedException, TimeoutException {
    lock.lock();
    try {
      long left = timeout.toNanos();
      while (!waiting && !closed) {
        if (failure != null) {
          throw failure;
        }
        if (left <= 0) {
          throw new TimeoutException("the applier did not reach %s within %s".formatted(limit, timeout));
        }
        left = changed.awaitNanos(left);
      }
      if (closed) {
        throw new InterruptedException("the stream has ended");
      }
    } finally {
      lock.unlock();
    }
  }
}
