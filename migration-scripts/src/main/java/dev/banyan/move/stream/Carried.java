package dev.banyan.move.stream;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are written by one statement: their rows bring values for the same columns, and no other column may be
 * touched.
 *
 * @param columns the positions of these columns in the table
 * @param changes the changes
 */
record Carried(int[] columns, List<RowChange> changes) {

  /** Groups insertions: one that was logged before a column was added has no value for it, and gets its default. */
  static List<Carried> inserts(List<RowChange> inserts) {
    return grouped(inserts, insert -> true);
  }

  /** Groups updates: the log does not carry a value stored outside the row that an update left alone. */
  static List<Carried> updates(List<RowChange> updates) {
    return grouped(updates, RowChange::isRekeying);
  }

  private static List<Carried> grouped(List<RowChange> changes, Predicate<RowChange> withKey) {
    Map<BitSet, List<RowChange>> groups = new LinkedHashMap<>();
    for (RowChange change : changes) {
      groups.computeIfAbsent(columns(change, withKey.test(change)), columns -> new ArrayList<>()).add(change);
    }
    return groups.entrySet().stream().map(group -> new Carried(group.getKey().stream().toArray(), group.getValue())).toList();
  }

  private static BitSet columns(RowChange change, boolean withKey) {
    @Nullable String[] row = change.image();
    BitSet columns = new BitSet(row.length);
    for (int i = 0; i < row.length; i++) {
      columns.set(i, RowChange.isCarried(row[i]) && (withKey || !change.table().columns().get(i).key()));
    }
    return columns;
  }
}
