package dev.banyan.move.copy;

import dev.banyan.move.database.CopiedRange;
import dev.banyan.move.database.SourceKey;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of a table's keys that is to be copied.
 *
 * @param table the table
 * @param key its key
 * @param range from which key to which
 */
record KeyRange(TableFlow table, SourceKey key, CopiedRange range) {

  /** Returns the query that reads the range where it comes from. */
  String query() {
    List<String> conditions = new ArrayList<>();
    table.sourceWhere().ifPresent(where -> conditions.add("(" + where + ")"));
    if (range.after() != null) {
      conditions.add(key.isAfter(range.after()));
    }
    if (range.upTo() != null) {
      conditions.add(key.isUpTo(range.upTo()));
    }
    return "select %s from %s%s".formatted(Sql.identifiers(table.sourceColumns()), table.source().sql(),
        conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions));
  }
}
