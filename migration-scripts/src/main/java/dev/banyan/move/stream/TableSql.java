package dev.banyan.move.stream;

import static java.util.stream.Collectors.joining;

import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The statements that apply changes to one table: any number of rows each, one array of texts for each column. The cast
 * is to the type without its length, so that a value too long is refused and not cut off.
 */
final class TableSql {

  private TableSql() {}

  /** Inserts values for the columns at {@code present}. */
  static String insert(TableFlow table, int[] present) {
    List<FlowColumn> columns = IntStream.of(present).mapToObj(table.columns()::get).toList();
    boolean overriding = columns.stream().anyMatch(FlowColumn::identityAlways);
    return "insert into %s (%s)%s select %s from %s".formatted(table.target().sql(),
        Sql.identifiers(columns.stream().map(FlowColumn::target).toList()), overriding ? " overriding system value" : "",
        IntStream.range(0, columns.size()).mapToObj(i -> value(columns.get(i), i)).collect(joining(", ")),
        rows(columns.size()));
  }

  /** Updates the columns at {@code changed}; the arrays are those columns first, then the key's. */
  static String update(TableFlow table, int[] changed) {
    List<FlowColumn> columns = table.columns();
    String assignments = IntStream.range(0, changed.length)
        .mapToObj(i -> Sql.identifier(columns.get(changed[i]).target()) + " = " + value(columns.get(changed[i]), i))
        .collect(joining(", "));
    return "update %s t set %s from %s where %s".formatted(table.target().sql(), assignments,
        rows(changed.length + table.keyPositions().length), sameKey(table, changed.length));
  }

  static String delete(TableFlow table) {
    return "delete from %s t using %s where %s".formatted(table.target().sql(), rows(table.keyPositions().length),
        sameKey(table, 0));
  }

  static String truncate(TableFlow table) {
    return "delete from " + table.target().sql() + table.targetWhere().map(where -> " where " + where).orElse("");
  }

  private static String sameKey(TableFlow table, int firstArray) {
    int[] key = table.keyPositions();
    return IntStream.range(0, key.length)
        .mapToObj(i -> "t.%s = %s".formatted(Sql.identifier(table.columns().get(key[i]).target()),
            value(table.columns().get(key[i]), firstArray + i)))
        .collect(joining(" and "));
  }

  private static String value(FlowColumn column, int array) {
    return "u.c" + array + "::" + column.targetType();
  }

  private static String rows(int arrays) {
    return IntStream.range(0, arrays).mapToObj(i -> "?::text[]").collect(joining(", ", "unnest(", ")"))
        + IntStream.range(0, arrays).mapToObj(i -> "c" + i).collect(joining(", ", " as u(", ")"));
  }
}
