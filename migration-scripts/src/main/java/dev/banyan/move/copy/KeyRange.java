package dev.banyan.move.copy;

import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A range of a table's keys.
 *
 * @param table the table
 * @param after the key that it begins behind; null for the beginning
 * @param upTo the last key of it; null for the end
 */
record KeyRange(TableFlow table, @Nullable List<String> after, @Nullable List<String> upTo) {

  /** Returns the query that reads the range where it comes from. */
  String query() {
    return "select %s from %s".formatted(Sql.identifiers(table.sourceColumns()), rows());
  }

  /** Returns the table where the range comes from, with the conditions of the range: what stands behind {@code from}. */
  String rows() {
    List<String> conditions = new ArrayList<>();
    table.sourceWhere().ifPresent(where -> conditions.add("(" + where + ")"));
    if (after != null) {
      conditions.add(key(table) + " > " + values(after));
    }
    if (upTo != null) {
      conditions.add(key(table) + " <= " + values(upTo));
    }
    return table.source().sql() + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions));
  }

  static String key(TableFlow table) {
    return keyColumns(table).stream().map(column -> Sql.identifier(column.source()))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private String values(List<String> key) {
    List<FlowColumn> columns = keyColumns(table);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      values.add(Sql.literal(key.get(i)) + "::" + columns.get(i).sourceType());
    }
    return "(" + String.join(", ", values) + ")";
  }

  static List<FlowColumn> keyColumns(TableFlow table) {
    return table.columns().stream().filter(FlowColumn::key).toList();
  }
}
