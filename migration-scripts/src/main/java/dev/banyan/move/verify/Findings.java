package dev.banyan.move.verify;

import dev.banyan.move.verify.RowDifference.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts the differences of one table, and keeps as many of their keys as can be repaired. */
final class Findings {

  /** Beyond so many rows of a table nothing is repaired: it is quicker to copy anew. */
  static final int MOST_KEPT = 10_000;

  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private final List<RowDifference> kept = new ArrayList<>();
  private final Set<RowKey> keys = new HashSet<>();

  void add(Kind kind, RowKey key) {
    // A key that changed in both directions is compared twice.
    if (kept.size() < MOST_KEPT && !keys.add(key)) {
      return;
    }
    counts.merge(kind, 1L, Long::sum);
    if (kept.size() < MOST_KEPT) {
      kept.add(new RowDifference(kind, key, List.of()));
    }
  }

  long count(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  List<RowDifference> kept() {
    return kept;
  }
}
