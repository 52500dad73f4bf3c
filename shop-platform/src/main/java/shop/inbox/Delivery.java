package shop.inbox;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.support.TransactionOperations;
import shop.outbox.EventFeed.Page;
import shop.outbox.PublishedEvent;

/** Applies events of one subscription: whatever happens to an event, its cursor and its place in the inbox happen with it. */
final class Delivery {

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private final String subscription;
  private final EventHandler handler;
  private final Inbox inbox;
  private final HeldEvents held;
  private final InboxSettings settings;
  private final TransactionOperations transaction;
  private final TransactionOperations nested;

  Delivery(String subscription, EventHandler handler, Inbox inbox, HeldEvents held, InboxSettings settings,
      TransactionOperations transaction, TransactionOperations nested) {
    this.subscription = subscription;
    this.handler = handler;
    this.inbox = inbox;
    this.held = held;
    this.settings = settings;
    this.transaction = transaction;
    this.nested = nested;
  }

  /**
   * Applies a page, or holds what cannot be applied, unless another process was faster.
   *
   * @param alone whether no other source can have events of the same aggregates
   */
  boolean apply(String source, boolean alone, String from, Page page) {
    return Boolean.TRUE.equals(transaction.execute(status -> {
      boolean first = inbox.moveCursor(subscription, source, from, page.next());
      if (first) {
        accept(source, alone, page.events());
      }
      return first;
    }));
  }

  /** Tries an event that was held, unless another process is at it; returns whether it was applied. */
  boolean retry(HeldEvent candidate) {
    return Boolean.TRUE.equals(transaction.execute(status -> held.lock(subscription, candidate.event().id()) && attempt(candidate)));
  }

  /** What is known of a page's events is asked for once, not event by event. */
  private void accept(String source, boolean alone, List<PublishedEvent> events) {
    var applied = inbox.applied(subscription, events);
    var holding = held.holding(subscription, events);
    // Whoever publishes without a lock may have its events in another order than that of their versions.
    events.stream().filter(event -> !applied.contains(event.id())).sorted(Comparator.comparingLong(PublishedEvent::version))
        .forEach(event -> accept(source, alone, event, holding));
  }

  private void accept(String source, boolean alone, PublishedEvent event, Set<String> holding) {
    if (holding.contains(event.aggregate()) || !alone && !follows(event)) {
      holding.add(event.aggregate());
      held.add(subscription, source, event);
      return;
    }
    var failure = failureOf(event);
    if (failure != null) {
      holding.add(event.aggregate());
      held.add(subscription, source, event);
      note(new HeldEvent(subscription, source, event, HeldEvent.State.WAITING, 0, null, event.at()), failure);
    }
  }

  private boolean attempt(HeldEvent candidate) {
    var failure = failureOf(candidate.event());
    if (failure == null) {
      held.remove(subscription, candidate.event().id());
      return true;
    }
    note(candidate, failure);
    return false;
  }

  /** Tells whether nothing can be missing in front of an event. */
  boolean follows(PublishedEvent event) {
    return event.version() == 0 || inbox.appliedBefore(subscription, event);
  }

  /** Applies an event behind a savepoint, so that its failure undoes what it wrote and nothing else. */
  private @Nullable RuntimeException failureOf(PublishedEvent event) {
    try {
      nested.executeWithoutResult(status -> {
        if (inbox.note(subscription, event)) {
          handler.handle(event);
        }
      });
      return null;
    } catch (DataAccessResourceFailureException e) {
      // The connection is gone, and the whole transaction with it: nothing is wrong with the event.
      throw e;
    } catch (RuntimeException e) {
      return e;
    }
  }

  private void note(HeldEvent event, RuntimeException failure) {
    int failures = event.attempts() + 1;
    boolean dead = failures >= settings.attempts();
    held.failed(event, dead ? HeldEvent.State.DEAD : HeldEvent.State.RETRYING, settings.pauseAfter(failures), failure.toString());
    if (dead) {
      LOG.error("Event {} ({} of '{}', version {}) cannot be applied by '{}' after {} attempts, and holds back what follows of the same. "
          + "Look at it among the dead letters.", event.event().id(), event.event().type(), event.event().aggregate(),
          event.event().version(), subscription, failures, failure);
    }
  }
}
