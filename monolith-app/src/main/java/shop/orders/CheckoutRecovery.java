package shop.orders;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Goes on with checkouts that nobody works at: those whose step failed, and those whose process ended. Several at a
 * time, so that one whose owner is slow does not keep the others waiting.
 */
@Component
class CheckoutRecovery implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(CheckoutRecovery.class);
  private static final int A_TURN = 100;
  private static final long ENDED_WITHIN_MILLIS = 5_000;

  private final CheckoutTable checkouts;
  private final CheckoutSaga saga;
  private final Clock clock;
  private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("checkout-");
  private volatile boolean failing;

  CheckoutRecovery(CheckoutTable checkouts, CheckoutSaga saga, CheckoutSettings settings, Pace pace) {
    this.checkouts = checkouts;
    this.saga = saga;
    this.clock = pace.clock();
    threads.setConcurrencyLimit(settings.resumedAtATime());
    threads.setTaskTerminationTimeout(ENDED_WITHIN_MILLIS);
  }

  /** Waits for a thread that is free, not for the checkouts: who is taken up twice is claimed once. */
  @Scheduled(fixedDelayString = "${shop.orders.checkout.resume-every:500ms}", initialDelayString = "${shop.orders.checkout.resume-every:500ms}")
  void turn() {
    try {
      checkouts.due(clock.instant(), A_TURN).forEach(order -> threads.execute(() -> resume(order)));
      failing = false;
    } catch (DataAccessException e) {
      // Told once, however long the database is away.
      if (!failing) {
        LOG.warn("Checkouts that nobody works at cannot be found, and wait until they can: {}", e.toString());
      }
      failing = true;
    }
  }

  private void resume(long orderId) {
    try {
      saga.resume(orderId);
    } catch (RuntimeException e) {
      LOG.warn("The checkout of order {} could not be gone on with; it is taken up again later: {}", orderId, e.toString());
    }
  }

  @Override
  public void destroy() {
    threads.close();
  }
}
