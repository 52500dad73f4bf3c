package dev.banyan.acceptance;

import dev.banyan.move.cutover.protocol.Step;
import dev.banyan.move.cutover.protocol.StepGate;
import dev.banyan.move.cutover.protocol.SwitchStep;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps a switch waiting in front of one step, once, until it is let go. */
final class StoppingGate implements StepGate {

  private volatile @Nullable Stop stop;

  private record Stop(SwitchStep step, CountDownLatch reached, CountDownLatch letGo) {}

  /** The next switch stops in front of this step. */
  void stopAt(SwitchStep step) {
    stop = new Stop(step, new CountDownLatch(1), new CountDownLatch(1));
  }

  /** Waits until it stands there. */
  void awaitReached() throws InterruptedException {
    Stop waiting = present();
    if (!waiting.reached().await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("no switch has come to " + waiting.step());
    }
  }

  void letGo() {
    present().letGo().countDown();
  }

  @Override
  public void pass(Step step) throws InterruptedException {
    Stop waiting = stop;
    if (waiting != null && waiting.step() == step && waiting.reached().getCount() > 0) {
      waiting.reached().countDown();
      waiting.letGo().await();
    }
  }

  private Stop present() {
    Stop waiting = stop;
    if (waiting == null) {
      throw new IllegalStateException("The gate was not told where to stop");
    }
    return waiting;
  }
}
