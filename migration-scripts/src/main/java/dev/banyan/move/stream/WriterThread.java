package dev.banyan.move.stream;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes while its caller gathers what comes next: one task at a time, in the order in which they are given. Behind a task
 * that failed nothing is written any more; whoever gives or awaits anything is told of that failure. For one caller.
 */
final class WriterThread implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);
  private static final int ENDED_WITHIN_SECONDS = 10;

  private final ExecutorService thread;
  private Future<?> underWay = CompletableFuture.completedFuture(null);

  /** What is written. */
  interface Task {
    void run() throws SQLException;
  }

  WriterThread(String name) {
    this.thread = Executors.newSingleThreadExecutor(task -> {
      Thread made = new Thread(task, name);
      made.setDaemon(true);
      return made;
    });
  }

  /** Tells whether a task is under way. */
  boolean isBusy() {
    return !underWay.isDone();
  }

  /** Waits for the task under way, and has the next one run meanwhile. */
  void give(Task task) throws SQLException, InterruptedException {
    await();
    underWay = thread.submit(() -> {
      task.run();
      return null;
    });
  }

  /** Waits until all that was given is written. */
  void await() throws SQLException, InterruptedException {
    try {
      underWay.get();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  private static SQLException failure(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException failure) {
      throw failure;
    }
    if (cause instanceof Error failure) {
      throw failure;
    }
    return cause instanceof SQLException failure ? failure : new SQLException(cause);
  }

  /** Waits for the task under way, also where the caller is interrupted; it must end by itself, or by the loss of its connection. */
  @Override
  public void close() {
    thread.shutdown();
    boolean interrupted = Thread.interrupted();
    try {
      if (!thread.awaitTermination(ENDED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a write is still under way, on a connection that is closed");
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
