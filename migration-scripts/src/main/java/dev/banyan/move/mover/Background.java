package dev.banyan.move.mover;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A piece of work on a thread of its own, which can be broken off. */
final class Background {

  private final Runnable abort;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** What is to be done. */
  interface Work {
    void run() throws SQLException, InterruptedException;
  }

  private Background(Runnable abort) {
    this.abort = abort;
  }

  /**
   * Starts the work.
   *
   * @param abort makes the work fail soon; called by another thread
   */
  static Background start(String name, Work work, Runnable abort) {
    Background background = new Background(abort);
    Thread thread = new Thread(() -> background.run(work), name);
    thread.setDaemon(true);
    thread.start();
    return background;
  }

  private void run(Work work) {
    try {
      work.run();
      ended.complete(null);
    } catch (SQLException | InterruptedException | RuntimeException | Error e) {
      ended.completeExceptionally(e);
    }
  }

  boolean isDone() {
    return ended.isDone();
  }

  /** Waits for the end, and tells whether it has come in time. */
  boolean endsWithin(Duration time) throws InterruptedException {
    try {
      ended.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /** Fails as the work has failed, if it has. */
  void requireDone() throws SQLException {
    try {
      ended.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException("the work was broken off", e.getCause());
    }
  }

  /** Breaks the work off, unless it has ended, and waits until nothing of it goes on. */
  void stop() {
    if (!ended.isDone()) {
      abort.run();
    }
    ended.exceptionally(ignored -> null).join();
  }
}
