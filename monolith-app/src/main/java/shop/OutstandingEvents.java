package shop;

import org.springframework.modulith.events.FailedEventPublications;
import org.springframework.modulith.events.ResubmissionOptions;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Hands events again to listeners that did not finish with them, a batch at a time: those that failed, and those that
 * the previous process left behind (the registry marks them as failed once they are stale). Resubmitting everything
 * at start instead would read a backlog of any size into memory.
 */
@Component
class OutstandingEvents {

  private static final ResubmissionOptions BATCH = ResubmissionOptions.defaults().withBatchSize(100).withMaxInFlight(200);

  private final FailedEventPublications failed;

  OutstandingEvents(FailedEventPublications failed) {
    this.failed = failed;
  }

  @Scheduled(fixedDelayString = "${shop.events.resubmit-every:2s}", initialDelayString = "${shop.events.resubmit-every:2s}")
  void resubmit() {
    failed.resubmit(BATCH);
  }
}
