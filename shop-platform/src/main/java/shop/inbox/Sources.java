package shop.inbox;

import java.util.List;
import shop.outbox.EventFeed;

/** Where the events of one module come from: each process that owns it now, or has owned it. */
public interface Sources {

  /**
   * Returns the feeds that are known now.
   *
   * @param reader who reads, and wants what it has not read to be kept
   */
  List<EventFeed> feeds(String reader);
}
