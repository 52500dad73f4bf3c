package dev.banyan.move.copy;

import dev.banyan.move.database.CopiedRange;
import dev.banyan.move.database.SourceKey;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a table into ranges of so many rows, fewer where rows are large, by hops along the index of its key; one without a key is one range.
 * Each hop begins where the last one ended, and none looks at more than the index; rows that a filter leaves out count like others.
 */
final class RangePlanner {

  // A sort, or a scan of the table, would read all of it for each hop.
  private static final List<String> ALONG_THE_INDEX = List.of("enable_seqscan", "enable_bitmapscan", "enable_sort",
      "enable_incremental_sort");

  /** With values outside the rows, and of all partitions; rows as they were counted last, 0 where they never were. */
  private static final String BYTES_AND_ROWS = """
      select coalesce(sum(pg_table_size(c.oid)), 0)::bigint, coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint
      from (select relid::oid as part from pg_partition_tree(?::regclass) union select ?::regclass::oid) p join pg_class c on c.oid = p.part
      where c.relkind <> 'p'""";

  /** A job has nothing to do while the last one copies a range that is much larger, and an interruption costs as much. */
  private static final long MOST_BYTES = 128 << 20;

  private final Connection snapshot;
  private final int mostRows;
  private final long mostBytes;

  /** Creates a planner on a connection that sees the snapshot, within a transaction. */
  RangePlanner(Connection snapshot, int mostRows) throws SQLException {
    this(snapshot, mostRows, MOST_BYTES);
  }

  RangePlanner(Connection snapshot, int mostRows, long mostBytes) throws SQLException {
    this.snapshot = snapshot;
    this.mostRows = mostRows;
    this.mostBytes = mostBytes;
    try (var statement = snapshot.createStatement()) {
      for (String setting : ALONG_THE_INDEX) {
        statement.execute("set local " + setting + " = off");
      }
    }
  }

  List<CopiedRange> plan(SourceKey key) throws SQLException {
    List<CopiedRange> ranges = new ArrayList<>();
    int rows = rows(key.table());
    @Nullable List<String> after = null;
    do {
      @Nullable List<String> upTo = hop(key, after, rows);
      ranges.add(new CopiedRange(key.table(), ranges.size(), after, upTo, null, 0));
      after = upTo;
    } while (after != null);
    return ranges;
  }

  private int rows(TableName table) throws SQLException {
    try (var statement = snapshot.prepareStatement(BYTES_AND_ROWS)) {
      statement.setString(1, table.sql());
      statement.setString(2, table.sql());
      try (var row = statement.executeQuery()) {
        row.next();
        long bytes = row.getLong(1);
        long rows = row.getLong(2);
        return bytes <= mostBytes || rows == 0 ? mostRows : (int) Math.max(1, Math.min(mostRows, mostBytes / (bytes / rows + 1)));
      }
    }
  }

  private @Nullable List<String> hop(SourceKey key, @Nullable List<String> after, int rows) throws SQLException {
    if (key.parts().isEmpty()) {
      return null;
    }
    try (var statement = snapshot.createStatement(); var row = statement.executeQuery(query(key, after, rows))) {
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

  private static String query(SourceKey key, @Nullable List<String> after, int rows) {
    // A text beside the columns would bear their names, and `order by` would take it for them.
    return "select %s from (select %s from %s%s order by %s offset %d limit 1) k".formatted(key.texts(), key.columns(),
        key.table().sql(), after == null ? "" : " where " + key.isAfter(after), key.columns(), rows - 1);
  }
}
