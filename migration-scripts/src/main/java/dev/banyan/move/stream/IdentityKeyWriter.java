package dev.banyan.move.stream;

import static java.util.stream.Collectors.joining;

import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TextStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves a row to another key where the key is {@code GENERATED ALWAYS AS IDENTITY}: PostgreSQL lets an update set such a
 * column to its own next value only, so the row is taken out and put in again, with what it has besides.
 */
final class IdentityKeyWriter {

  private static final String COLUMNS = """
      select attname from pg_attribute
      where attrelid = ?::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum""";

  private final Connection target;

  IdentityKeyWriter(Connection target) {
    this.target = target;
  }

  /** Tells whether an update cannot write the change. */
  static boolean isNeededFor(RowChange change) {
    return change.isRekeying() && change.table().columns().stream().anyMatch(column -> column.key() && column.identityAlways());
  }

  /** Writes the change and returns how many rows it met, one or none. */
  int write(RowChange change) throws SQLException {
    TableFlow table = change.table();
    List<String> columns = columns(table);
    List<String> values = new ArrayList<>();
    List<@Nullable String> parameters = new ArrayList<>(change.key().values());
    for (String column : columns) {
      int position = table.targetColumns().indexOf(column);
      if (position >= 0 && RowChange.isCarried(change.image()[position])) {
        values.add("?::text::" + table.columns().get(position).targetType());
        parameters.add(change.image()[position]);
      } else {
        values.add("gone." + Sql.identifier(column));
      }
    }
    return TextStatement.execute(target, "with gone as (delete from %s where %s returning *) insert into %1$s (%s) overriding system value select %s from gone"
        .formatted(table.target().sql(), isKey(table), Sql.identifiers(columns), String.join(", ", values)), parameters);
  }

  private static String isKey(TableFlow table) {
    return Arrays.stream(table.keyPositions()).mapToObj(table.columns()::get)
        .map(column -> Sql.identifier(column.target()) + " = ?::text::" + column.targetType()).collect(joining(" and "));
  }

  private List<String> columns(TableFlow table) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (PreparedStatement statement = target.prepareStatement(COLUMNS)) {
      statement.setString(1, table.target().sql());
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          columns.add(row.getString(1));
        }
      }
    }
    return columns;
  }
}
