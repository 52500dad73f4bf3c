package dev.banyan.move.mover;

import dev.banyan.move.cutover.protocol.Step;
import dev.banyan.move.cutover.protocol.StepGate;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps a switch waiting in front of one step, once, until it is let go or told to fail there. */
final class StoppingGate implements StepGate {

  private volatile @Nullable Stop stop;

  private static final class Stop {
    private final String step;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private volatile @Nullable RuntimeException failure;

    Stop(String step) {
      this.step = step;
    }
  }

  /** The next switch stops in front of this step. */
  void stopAt(String step) {
    stop = new Stop(step);
  }

  /** Waits until it stands there. */
  void awaitReached() throws InterruptedException {
    Stop waiting = java.util.Objects.requireNonNull(stop);
    if (!waiting.reached.await(90, TimeUnit.SECONDS)) {
      throw new AssertionError("no switch has come to " + waiting.step);
    }
  }

  boolean isReached() {
    return java.util.Objects.requireNonNull(stop).reached.getCount() == 0;
  }

  void letGo() {
    java.util.Objects.requireNonNull(stop).letGo.countDown();
  }

  void fail(RuntimeException failure) {
    java.util.Objects.requireNonNull(stop).failure = failure;
    letGo();
  }

  @Override
  public void pass(Step step) throws InterruptedException {
    Stop waiting = stop;
    if (waiting == null || !waiting.step.equals(step.name()) || waiting.reached.getCount() == 0) {
      return;
    }
    waiting.reached.countDown();
    waiting.letGo.await();
    RuntimeException failure = waiting.failure;
    if (failure != null) {
      throw failure;
    }
  }
}
