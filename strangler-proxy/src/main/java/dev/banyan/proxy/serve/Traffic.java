package dev.banyan.proxy.serve;

import dev.banyan.proxy.route.Origin;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what went to each origin since the proxy started. Safe for use by several threads. */
public final class Traffic {

  /** The numbers of one origin. */
  public record Totals(long requests, long failures) {}

  private record Counts(LongAdder requests, LongAdder failures) {}

  private final Map<Origin, Counts> counts = new ConcurrentHashMap<>();

  void sent(Origin origin) {
    of(origin).requests().increment();
  }

  void failed(Origin origin) {
    of(origin).failures().increment();
  }

  private Counts of(Origin origin) {
    return counts.computeIfAbsent(origin, o -> new Counts(new LongAdder(), new LongAdder()));
  }

  /** Returns the numbers of each origin, by its URL. */
  public Map<String, Totals> totals() {
    Map<String, Totals> totals = new TreeMap<>();
    counts.forEach((origin, c) -> totals.put(origin.toString(), new Totals(c.requests().sum(), c.failures().sum())));
    return totals;
  }
}
