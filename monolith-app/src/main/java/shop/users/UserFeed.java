package shop.users;

import java.util.List;
import java.util.Optional;

/** The updates that the extracted service made, for modules of this process that follow them. */
public interface UserFeed {

  /** The cursor before the first event. */
  String START = "";

  /**
   * A page of the feed, oldest event first.
   *
   * @param source whose events these are; a cursor is good for its own source only
   * @param next the cursor after this page
   */
  record Page(String source, List<UserUpdated> events, String next) {}

  /** Returns the address of the feed, or nothing as long as no service is known. */
  Optional<String> source();

  /**
   * Reads a page.
   *
   * @param source as {@link #source()} returned it
   * @param after the cursor of the last page that was processed, {@link #START} at first
   * @param limit how many events at most, 1 to 500
   */
  Page read(String source, String after, int limit);
}
