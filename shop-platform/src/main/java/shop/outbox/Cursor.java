package shop.outbox;

import java.util.regex.Pattern;
import shop.problems.Problem;

/**
 * A place in a feed: behind the event with this position of this transaction.
 *
 * @param txid the transaction's number
 * @param position the event's position in the outbox
 */
record Cursor(long txid, long position) {

  private static final Cursor START = new Cursor(0, 0);
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

  static Cursor parse(String text) {
    if (text.isEmpty()) {
      return START;
    }
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw Problem.invalid("'%s' is no cursor of this feed.".formatted(text));
    }
    return new Cursor(Long.parseLong(match.group(1)), Long.parseLong(match.group(2)));
  }

  @Override
  public String toString() {
    return txid + "-" + position;
  }
}
