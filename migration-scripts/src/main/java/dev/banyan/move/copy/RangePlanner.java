package dev.banyan.move.copy;

import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Cuts a table into ranges of about so many rows, by hops along the index of its primary key. */
final class RangePlanner {

  private final Connection snapshot;
  private final int rows;

  RangePlanner(Connection snapshot, int rows) {
    this.snapshot = snapshot;
    this.rows = rows;
  }

  List<KeyRange> plan(TableFlow table) throws SQLException {
    List<KeyRange> ranges = new ArrayList<>();
    @Nullable List<String> after = null;
    for (@Nullable List<String> upTo = hop(table, null); upTo != null; upTo = hop(table, upTo)) {
      ranges.add(new KeyRange(table, after, upTo));
      after = upTo;
    }
    ranges.add(new KeyRange(table, after, null));
    return ranges;
  }

  private @Nullable List<String> hop(TableFlow table, @Nullable List<String> after) throws SQLException {
    List<FlowColumn> key = KeyRange.keyColumns(table);
    String columns = key.stream().map(column -> Sql.identifier(column.source())).collect(Collectors.joining(", "));
    String texts = key.stream().map(column -> Sql.identifier(column.source()) + "::text").collect(Collectors.joining(", "));
    String rest = new KeyRange(table, after, null).rows();
    try (var statement = snapshot.createStatement();
        var row = statement.executeQuery("select %s from %s order by %s offset %d limit 1".formatted(texts, rest, columns, rows))) {
      if (!row.next()) {
        return null;
      }
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= key.size(); i++) {
        values.add(row.getString(i));
      }
      return values;
    }
  }
}
