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

/** Clients who change things by way of the proxy, each one after the other, and count what was acknowledged. */
final class Changers implements AutoCloseable {

  private static final Duration PACE = Duration.ofMillis(5);

  private final int thingsOfEach;
  private final Change change;
  private final AtomicIntegerArray acknowledged;
  private final List<Thread> threads;
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;

  /** How a thing is changed, for the first time, the second, and so on; every change is to be acknowledged with 200. */
  @FunctionalInterface
  interface Change {

    Http.Answer make(int thing, int number) throws IOException, InterruptedException;
  }

  /** Starts clients, each of which changes things of its own. */
  Changers(int clients, int thingsOfEach, Change change) {
    this.thingsOfEach = thingsOfEach;
    this.change = change;
    this.acknowledged = new AtomicIntegerArray(clients * thingsOfEach);
    this.threads = IntStream.range(0, clients).mapToObj(n -> new Thread(() -> run(n), "changer-" + n)).toList();
    threads.forEach(Thread::start);
  }

  private void run(int client) {
    try {
      for (int i = 0; !stopped; i++) {
        change(client * thingsOfEach + i % thingsOfEach);
        LockSupport.parkNanos(PACE.toNanos());
      }
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      failure = e;
    }
  }

  private void change(int thing) throws IOException, InterruptedException {
    Http.Answer answer = change.make(thing, acknowledged.get(thing) + 1);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    acknowledged.incrementAndGet(thing);
  }

  /** Returns the things that are changed, from 0 on. */
  IntStream things() {
    return IntStream.range(0, acknowledged.length());
  }

  /** Returns how often a thing was changed. */
  int acknowledged(int thing) {
    return acknowledged.get(thing);
  }

  /** Waits until so many more changes were acknowledged. */
  void awaitMore(int more) {
    int enough = total() + more;
    await(more + " more changes").atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10)).until(() -> {
      requireNoFailure();
      return total() >= enough;
    });
  }

  private int total() {
    return things().map(acknowledged::get).sum();
  }

  private void requireNoFailure() {
    if (failure != null) {
      throw new AssertionError("A change was not acknowledged", failure);
    }
  }

  /** Stops after the changes under way, and expects that all were acknowledged. */
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
