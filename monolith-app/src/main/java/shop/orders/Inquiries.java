package shop.orders;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;
import shop.problems.Problem;

/** Asks several owners at once, each no longer than a limit; a failure becomes the reason why something is missing. */
@Component
class Inquiries implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(Inquiries.class);

  private final Duration limit;
  private final ThreadPoolExecutor threads;

  /**
   * Creates what asks.
   *
   * @param limit how long all owners together have to answer
   * @param atATime how many questions may be open; more are not asked, so that a slow owner does not pile them up
   */
  Inquiries(
      @Value("${shop.orders.details.answer-within:1s}") Duration limit,
      @Value("${shop.orders.details.questions-at-a-time:48}") int atATime) {
    this.limit = limit;
    this.threads = new ThreadPoolExecutor(0, atATime, 30, TimeUnit.SECONDS, new SynchronousQueue<>(),
        new CustomizableThreadFactory("details-"));
  }

  /** A question that was asked. */
  final class Inquiry<K, V> {

    private final String part;
    private final String module;
    private final long deadline = System.nanoTime() + limit.toNanos();
    private final Future<Map<K, V>> answer;

    private Inquiry(String part, String module, Future<Map<K, V>> answer) {
      this.part = part;
      this.module = module;
      this.answer = answer;
    }

    /** Returns the answer, or why there is none. */
    Answers<K, V> answers() {
      try {
        return new Answers.Told<>(answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        answer.cancel(true);
        return untold("Module '%s' did not answer within %d ms.".formatted(module, limit.toMillis()));
      } catch (ExecutionException e) {
        return untold(reason(e.getCause()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return untold("The question was broken off.");
      }
    }

    private String reason(@Nullable Throwable failure) {
      var detail = failure instanceof Problem problem ? problem.getBody().getDetail() : null;
      if (detail == null) {
        LOG.error("Module '{}' could not be asked for the details of orders", module, failure);
      }
      return detail == null ? "Module '%s' failed; the log of the application tells more.".formatted(module) : detail;
    }

    private Answers<K, V> untold(String reason) {
      return new Answers.Untold<>(new OrderDetails.Missing(part, module, reason));
    }
  }

  /** Asks, without waiting for the answer. */
  <K, V> Inquiry<K, V> ask(String part, String module, Supplier<Map<K, V>> question) {
    return new Inquiry<>(part, module, submit(question, module));
  }

  private <T> Future<T> submit(Supplier<T> question, String module) {
    try {
      return threads.submit(question::get);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          Problem.unavailable("Module '%s' is asked too much at a time.".formatted(module), e));
    }
  }

  @Override
  public void destroy() {
    threads.shutdownNow();
  }
}
