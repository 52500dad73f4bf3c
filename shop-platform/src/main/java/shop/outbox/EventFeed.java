package shop.outbox;

import java.util.List;

/** A module's events, wherever they are read from: this process, another one over HTTP, a broker one day. */
public interface EventFeed {

  /** The cursor before the first event. */
  String START = "";

  /**
   * A part of a feed, in an order in which none is ever put before one that was read.
   *
   * @param next the cursor to go on with, also when there is nothing new
   * @param complete whether nothing is published behind {@code next}; what is not shown yet, because an older
   *     transaction is still running, counts as published
   */
  record Page(List<PublishedEvent> events, String next, boolean complete) {}

  /** Returns what distinguishes this feed from others of the same module; a cursor is good for its own source only. */
  String source();

  /**
   * Reads on.
   *
   * @param cursor the cursor of what was processed last, {@link #START} at first; what lies before it need not be kept for this reader
   * @param limit how many events at most, 1 to 500
   */
  Page after(String cursor, int limit);
}
