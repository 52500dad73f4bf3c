package dev.banyan.move.stream;

import dev.banyan.move.database.Lsn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;

/**
 * The ends of transactions that were delivered and are not durable yet, in their order.
 *
 * <p>Idea: a later end confirms all before it, so any of them may be forgotten but the last. A stream that confirms nothing for
 * days, as the way back before its turn, keeps every second one of too many, and later every second one of these.
 *
 * @param <R> what an end is delivered as
 */
final class DeliveredEnds<R> {

  static final int MOST = 1_024;

  private final Function<R, Lsn> position;
  private final Deque<R> ends = new ArrayDeque<>();

  /** Creates an empty one. */
  DeliveredEnds(Function<R, Lsn> position) {
    this.position = position;
  }

  /** Adds one that was delivered behind all others. */
  void add(R end) {
    ends.add(end);
    if (ends.size() > MOST) {
      thinOut();
    }
  }

  private void thinOut() {
    Iterator<R> newestFirst = ends.descendingIterator();
    for (int i = 0; newestFirst.hasNext(); i++) {
      newestFirst.next();
      if (i % 2 == 1) {
        newestFirst.remove();
      }
    }
  }

  /** Takes out all that are durable, and returns the last of them. */
  Optional<R> take(Lsn durable) {
    Optional<R> last = Optional.empty();
    while (!ends.isEmpty() && !position.apply(ends.peek()).isAfter(durable)) {
      last = Optional.of(ends.remove());
    }
    return last;
  }
}
