package shop.inbox;

import shop.outbox.PublishedEvent;

/** What a module does with an event of another. */
@FunctionalInterface
public interface EventHandler {

  /**
   * Applies an event, as part of a transaction that also notes that it was. Types that it does not know it passes over.
   *
   * @throws RuntimeException if the event cannot be applied now; what was written is undone, and the event comes again
   */
  void handle(PublishedEvent event);
}
