package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Customers who rename themselves by way of the proxy, each one after the other, and count what was acknowledged. */
final class Renamers implements AutoCloseable {

  private static final Duration PACE = Duration.ofMillis(5);
  private static final int THREADS = 4;
  private static final int USERS_OF_EACH = 10;

  private final Http proxy;
  private final int first;
  private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(THREADS * USERS_OF_EACH);
  private final List<Thread> threads;
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;

  /** Starts renaming the users from {@code first} on. */
  Renamers(Http proxy, int first) {
    this.proxy = proxy;
    this.first = first;
    this.threads = IntStream.range(0, THREADS).mapToObj(n -> new Thread(() -> run(n), "renamer-" + n)).toList();
    threads.forEach(Thread::start);
  }

  private void run(int thread) {
    try {
      for (int i = 0; !stopped; i++) {
        rename(thread * USERS_OF_EACH + i % USERS_OF_EACH);
        LockSupport.parkNanos(PACE.toNanos());
      }
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      failure = e;
    }
  }

  private void rename(int user) throws IOException, InterruptedException {
    Http.Answer answer = proxy.put("/api/v1/users/" + (first + user), "{\"name\": \"Name %d\"}".formatted(acknowledged.get(user) + 1));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    acknowledged.incrementAndGet(user);
  }

  /** Returns the users who are renamed. */
  IntStream users() {
    return IntStream.range(first, first + acknowledged.length());
  }

  /** Returns how often a user was renamed. */
  int acknowledged(int user) {
    return acknowledged.get(user - first);
  }

  /** Waits until more was acknowledged. */
  void awaitMore() {
    int enough = total() + 200;
    await("200 more renamings").atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10)).until(() -> {
      requireNoFailure();
      return total() >= enough;
    });
  }

  private int total() {
    return IntStream.range(0, acknowledged.length()).map(acknowledged::get).sum();
  }

  private void requireNoFailure() {
    if (failure != null) {
      throw new AssertionError("A renaming was not acknowledged", failure);
    }
  }

  /** Stops after the renamings under way, and expects that all were acknowledged. */
  void stop() throws InterruptedException {
    close();
    requireNoFailure();
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
