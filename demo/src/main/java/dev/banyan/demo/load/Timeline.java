package dev.banyan.demo.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** When each write was sent and when it was acknowledged, by the clients' clock. */
public final class Timeline {

  private final ConcurrentLinkedQueue<Write> writes = new ConcurrentLinkedQueue<>();

  private record Write(long sentNanos, long acknowledgedNanos) {}

  void acknowledged(long sentNanos, long acknowledgedNanos) {
    writes.add(new Write(sentNanos, acknowledgedNanos));
  }

  /**
   * Returns the pause that clients noticed within a span of time, in milliseconds: the longest gap in which no write was
   * acknowledged, or the slowest write, whichever is longer.
   */
  public long pauseMillis(long fromNanos, long toNanos) {
    List<Write> within = new ArrayList<>(writes.stream()
        .filter(write -> write.acknowledgedNanos() >= fromNanos && write.sentNanos() <= toNanos)
        .sorted(Comparator.comparingLong(Write::acknowledgedNanos))
        .toList());
    long longest = 0;
    for (int i = 0; i < within.size(); i++) {
      Write write = within.get(i);
      long gap = i == 0 ? 0 : write.acknowledgedNanos() - within.get(i - 1).acknowledgedNanos();
      longest = Math.max(longest, Math.max(gap, write.acknowledgedNanos() - write.sentNanos()));
    }
    return Math.round(longest / 1e6);
  }
}
