package dev.banyan.move.stream;

import static java.util.stream.Collectors.joining;

import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import java.sql.Connection;
import java.sql.PreparedStatement;
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
    TableFlow table = change.table();
    boolean overriding = table.columns().stream().anyMatch(FlowColumn::identityAlways);
    return execute("insert into %s (%s)%s values (%s)".formatted(table.target().sql(), Sql.identifiers(table.targetColumns()),
        overriding ? " overriding system value" : "", parameters(table.columns())), Arrays.asList(change.image()));
  }

  private int update(RowChange change) throws SQLException {
    TableFlow table = change.table();
    int[] carried = IntStream.range(0, change.image().length)
        .filter(i -> !RowChange.UNCHANGED.equals(change.image()[i])).toArray();
    if (carried.length == 0) {
      return 1;
    }
    String assignments = IntStream.of(carried).mapToObj(table.columns()::get)
        .map(column -> Sql.identifier(column.target()) + " = ?::text::" + column.targetType()).collect(joining(", "));
    List<@Nullable String> values = new ArrayList<>();
    IntStream.of(carried).forEach(i -> values.add(change.image()[i]));
    values.addAll(change.key().values());
    return execute("update %s set %s where %s".formatted(table.target().sql(), assignments, oneLike(table)), values);
  }

  private int delete(RowChange change) throws SQLException {
    TableFlow table = change.table();
    return execute("delete from %s where %s".formatted(table.target().sql(), oneLike(table)), change.key().values());
  }

  private static String oneLike(TableFlow table) {
    return "(tableoid, ctid) = (select tableoid, ctid from %s where format('%%s', row(%s)) = format('%%s', row(%s)) limit 1)"
        .formatted(table.target().sql(), Sql.identifiers(table.targetColumns()), parameters(table.columns()));
  }

  private static String parameters(List<FlowColumn> columns) {
    return columns.stream().map(column -> "?::text::" + column.targetType()).collect(joining(", "));
  }

  private int execute(String sql, List<@Nullable String> values) throws SQLException {
    try (PreparedStatement statement = target.prepareStatement(sql)) {
      for (int i = 0; i < values.size(); i++) {
        statement.setString(i + 1, values.get(i));
      }
      return statement.executeUpdate();
    }
  }
}
