package dev.banyan.move.stream;

import static java.util.stream.Collectors.joining;

import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TextStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes of tables in which rows may be alike, one by one in the owner's order. A row is met by all its values, as
 * they are written out; where several are alike, one of them is taken, whichever.
 */
final class KeylessWriter {

  private final Connection target;

  KeylessWriter(Connection target) {
    this.target = target;
  }

  /** Writes a change and returns how many rows it met, one or none. */
  int write(RowChange change) throws SQLException {
    return switch (change.kind()) {
      case INSERT -> insert(change);
      case UPDATE -> update(change);
      case DELETE -> delete(change);
      case TRUNCATE -> throw new IllegalArgumentException("no row");
    };
  }

  private int insert(RowChange change) throws SQLException {
    List<@Nullable String> row = Arrays.asList(change.image());
    List<FlowColumn> columns = carried(change.table(), row);
    boolean overriding = columns.stream().anyMatch(FlowColumn::identityAlways);
    return TextStatement.execute(target, "insert into %s (%s)%s values (%s)".formatted(change.table().target().sql(), names(columns),
        overriding ? " overriding system value" : "", parameters(columns)), carriedOf(row));
  }

  private int update(RowChange change) throws SQLException {
    List<@Nullable String> row = Arrays.asList(change.image());
    List<FlowColumn> columns = carried(change.table(), row);
    if (columns.isEmpty()) {
      return 1;
    }
    String assignments = columns.stream()
        .map(column -> Sql.identifier(column.target()) + " = ?::text::" + column.targetType()).collect(joining(", "));
    List<@Nullable String> values = new ArrayList<>(carriedOf(row));
    values.addAll(carriedOf(change.key().values()));
    return TextStatement.execute(target, "update %s set %s where %s".formatted(change.table().target().sql(), assignments, oneLike(change)), values);
  }

  private int delete(RowChange change) throws SQLException {
    return TextStatement.execute(target, "delete from %s where %s".formatted(change.table().target().sql(), oneLike(change)),
        carriedOf(change.key().values()));
  }

  private static String oneLike(RowChange change) {
    List<FlowColumn> columns = carried(change.table(), change.key().values());
    return "(tableoid, ctid) = (select tableoid, ctid from %s where format('%%s', row(%s)) = format('%%s', row(%s)) limit 1)"
        .formatted(change.table().target().sql(), names(columns), parameters(columns));
  }

  private static List<FlowColumn> carried(TableFlow table, List<@Nullable String> values) {
    return IntStream.range(0, values.size()).filter(i -> RowChange.isCarried(values.get(i))).mapToObj(table.columns()::get).toList();
  }

  private static List<@Nullable String> carriedOf(List<@Nullable String> values) {
    List<@Nullable String> carried = new ArrayList<>(values);
    carried.removeIf(value -> !RowChange.isCarried(value));
    return carried;
  }

  private static String names(List<FlowColumn> columns) {
    return Sql.identifiers(columns.stream().map(FlowColumn::target).toList());
  }

  private static String parameters(List<FlowColumn> columns) {
    return columns.stream().map(column -> "?::text::" + column.targetType()).collect(joining(", "));
  }
}
