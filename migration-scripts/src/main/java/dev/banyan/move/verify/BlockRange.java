package dev.banyan.move.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a table by where its rows lie: the unit of work of a verification. Both sides are cut independently, because
 * sums over parts add up to the same, however a table is cut. Every row lies in exactly one part, also in a partitioned
 * table, whose size is not asked for.
 *
 * @param from the first block
 * @param to the first block that is not part of it; negative where it has no end
 */
record BlockRange(long from, long to) {

  /** All rows. */
  static final BlockRange ALL = new BlockRange(0, -1);

  private static final long BLOCKS = 1_024;

  /** Cuts a table of this size; the last part has no end, because a table may have grown since it was measured. */
  static List<BlockRange> of(long blocks) {
    List<BlockRange> ranges = new ArrayList<>();
    for (long from = 0; from == 0 || from < blocks; from += BLOCKS) {
      ranges.add(new BlockRange(from, from + BLOCKS < blocks ? from + BLOCKS : -1));
    }
    return ranges;
  }

  String condition(String ctid) {
    if (equals(ALL)) {
      return "true";
    }
    return "%s >= '(%d,0)'".formatted(ctid, from) + (to < 0 ? "" : " and %s < '(%d,0)'".formatted(ctid, to));
  }
}
