package dev.banyan.move.copy;

import dev.banyan.move.database.CopiedRange;
import dev.banyan.move.database.SourceKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a table into ranges of so many rows, by hops along the index of its key; one without a key is one range. Each hop begins where the last
 * one ended, and none looks at more than the index; rows that a filter leaves out count like others.
 */
final class RangePlanner {

  // A sort, or a scan of the table, would read all of it for each hop.
  private static final List<String> ALONG_THE_INDEX = List.of("enable_seqscan", "enable_bitmapscan", "enable_sort",
      "enable_incremental_sort");

  private final Connection snapshot;
  private final int rows;

  /** Creates a planner on a connection that sees the snapshot, within a transaction. */
  RangePlanner(Connection snapshot, int rows) throws SQLException {
    this.snapshot = snapshot;
    this.rows = rows;
    try (var statement = snapshot.createStatement()) {
      for (String setting : ALONG_THE_INDEX) {
        statement.execute("set local " + setting + " = off");
      }
    }
  }

  List<CopiedRange> plan(SourceKey key) throws SQLException {
    List<CopiedRange> ranges = new ArrayList<>();
    @Nullable List<String> after = null;
    do {
      @Nullable List<String> upTo = hop(key, after);
      ranges.add(new CopiedRange(key.table(), ranges.size(), after, upTo, null, 0));
      after = upTo;
    } while (after != null);
    return ranges;
  }

  private @Nullable List<String> hop(SourceKey key, @Nullable List<String> after) throws SQLException {
    if (key.parts().isEmpty()) {
      return null;
    }
    try (var statement = snapshot.createStatement(); var row = statement.executeQuery(query(key, after))) {
      if (!row.next()) {
        return null;
      }
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= key.parts().size(); i++) {
        values.add(row.getString(i));
      }
      return values;
    }
  }

  private String query(SourceKey key, @Nullable List<String> after) {
    // A text beside the columns would bear their names, and `order by` would take it for them.
    return "select %s from (select %s from %s%s order by %s offset %d limit 1) k".formatted(key.texts(), key.columns(),
        key.table().sql(), after == null ? "" : " where " + key.isAfter(after), key.columns(), rows - 1);
  }
}
