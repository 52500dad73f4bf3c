package shop.orders;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import shop.users.UserFeed;
import shop.users.UserUpdated;

/**
 * Follows the users of the extracted service: reads its feed page by page, and stores the cursor in the transaction
 * that applies the page, so that each event is applied at least once, whenever either process ends.
 */
@Component
class CustomerFeed {

  private static final Logger LOG = LoggerFactory.getLogger(CustomerFeed.class);
  private static final int PAGE = 500;
  private static final int PAGES_A_TURN = 20;
  private static final int LONGEST_PAUSE = 16;

  private final UserFeed feed;
  private final CustomerTable customers;
  private final TransactionOperations transaction;
  private int failures;
  private int turnsToSkip;

  CustomerFeed(UserFeed feed, CustomerTable customers, TransactionOperations transaction) {
    this.feed = feed;
    this.customers = customers;
    this.transaction = transaction;
  }

  /** Reads what is new. While the service fails, every second, then every fourth, at last every sixteenth turn. */
  @Scheduled(fixedDelayString = "${shop.orders.feed-every:250ms}", initialDelayString = "${shop.orders.feed-every:250ms}")
  synchronized void turn() {
    if (turnsToSkip-- > 0) {
      return;
    }
    try {
      feed.source().ifPresent(this::follow);
      failures = 0;
    } catch (RuntimeException e) {
      pause(e);
    }
  }

  private void follow(String source) {
    for (int page = 0; page < PAGES_A_TURN; page++) {
      if (!followPage(source)) {
        return;
      }
    }
  }

  /** Returns whether there may be more. */
  private boolean followPage(String source) {
    var after = customers.cursor(source).orElse(UserFeed.START);
    var page = feed.read(source, after, PAGE);
    if (page.next().equals(after)) {
      return false;
    }
    return Boolean.TRUE.equals(transaction.execute(status -> {
      boolean first = customers.moveCursor(source, after, page.next());
      if (first) {
        latest(page.events()).forEach(e -> customers.note(e.userId(), e.name(), e.revision()));
      }
      return first;
    }));
  }

  /** Of each user the latest event, ordered by user, so that two processes never wait for each other crosswise. */
  private static Collection<UserUpdated> latest(List<UserUpdated> events) {
    var latest = new TreeMap<Long, UserUpdated>();
    for (var event : events) {
      latest.merge(event.userId().value(), event, (a, b) ->
          Comparator.comparingLong(UserUpdated::revision).compare(a, b) < 0 ? b : a);
    }
    return latest.values();
  }

  private void pause(RuntimeException e) {
    failures++;
    turnsToSkip = Math.min(LONGEST_PAUSE, 1 << Math.min(failures, 10)) - 1;
    if (failures == 1) {
      LOG.warn("The feed of the user service cannot be read; customers' names are behind until it can: {}", e.toString());
    }
  }
}
