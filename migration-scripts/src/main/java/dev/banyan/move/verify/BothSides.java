package dev.banyan.move.verify;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/** Asks both sides at once, where writes are held meanwhile. */
final class BothSides {

  /** The common pool makes a thread for each question where there are two processors. */
  private static final Executor ELSEWHERE = Executors.newCachedThreadPool(BothSides::thread);

  private BothSides() {}

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "banyan-other-side");
    thread.setDaemon(true);
    return thread;
  }

  /** A question to one side. */
  interface Question<T> {
    T ask() throws SQLException;
  }

  /** Asks one side on another thread and one on this, and returns what is made of both answers. */
  static <T, R> R ask(Question<T> here, Question<T> there, BiFunction<T, T, R> both) throws SQLException {
    CompletableFuture<T> elsewhere = CompletableFuture.supplyAsync(() -> {
      try {
        return there.ask();
      } catch (SQLException e) {
        throw new CompletionException(e);
      }
    }, ELSEWHERE);
    T answer;
    try {
      answer = here.ask();
    } catch (SQLException | RuntimeException e) {
      // Nobody may go on with a connection that is still being asked.
      elsewhere.handle((ignored, error) -> null).join();
      throw e;
    }
    try {
      return both.apply(answer, elsewhere.join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
