package shop.orders;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Goes on with checkouts that nobody works at: those whose step failed, and those whose process ended. */
@Component
class CheckoutRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(CheckoutRecovery.class);
  private static final int AT_A_TIME = 100;

  private final CheckoutTable checkouts;
  private final CheckoutSaga saga;

  CheckoutRecovery(CheckoutTable checkouts, CheckoutSaga saga) {
    this.checkouts = checkouts;
    this.saga = saga;
  }

  @Scheduled(fixedDelayString = "${shop.orders.checkout.resume-every:500ms}", initialDelayString = "${shop.orders.checkout.resume-every:500ms}")
  void turn() {
    checkouts.due(Instant.now(), AT_A_TIME).forEach(this::resume);
  }

  private void resume(long orderId) {
    try {
      saga.resume(orderId);
    } catch (RuntimeException e) {
      LOG.warn("The checkout of order {} could not be gone on with; it is taken up again later: {}", orderId, e.toString());
    }
  }
}
