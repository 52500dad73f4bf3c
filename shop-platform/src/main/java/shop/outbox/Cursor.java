package shop.outbox;

import static java.util.Objects.requireNonNullElse;

import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shop.problems.Problem;

/**
 * A place in a feed: behind the event with this position of this transaction.
 *
 * @param epoch in which the transaction was counted; nothing at the start, and in cursors of a release that knew none
 * @param txid the transaction's number
 * @param position the event's position in the outbox
 * @param event the beginning of the event's id, by which it is told from another that has got the same numbers; nothing at
 *     the start, and in cursors of a release that left it out
 */
record Cursor(String epoch, long txid, long position, String event) {

  static final Cursor START = new Cursor("", 0, 0, "");
  /** How much of an event's id tells it from another. */
  static final int EVENT_LENGTH = 8;

  private static final Pattern FORM = Pattern.compile("(?:([0-9a-f]{8})-)?(\\d{1,18})-(\\d{1,18})(?:-([0-9a-f]{8}))?");

  static Cursor parse(String text) {
    if (text.isEmpty()) {
      return START;
    }
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw Problem.invalid("'%s' is no cursor of this feed.".formatted(text));
    }
    return new Cursor(requireNonNullElse(match.group(1), ""), Long.parseLong(match.group(2)), Long.parseLong(match.group(3)),
        requireNonNullElse(match.group(4), ""));
  }

  /** Returns the cursor behind an event. */
  static Cursor behind(String epoch, long txid, long position, UUID event) {
    return new Cursor(epoch, txid, position, event.toString().substring(0, EVENT_LENGTH));
  }

  boolean isStart() {
    return equals(START);
  }

  @Override
  public String toString() {
    return isStart() ? EventFeed.START
        : Stream.of(epoch, Long.toString(txid), Long.toString(position), event).filter(part -> !part.isEmpty()).collect(Collectors.joining("-"));
  }
}
