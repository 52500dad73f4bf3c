package dev.banyan.move.verify;

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
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the other side's rows with certain keys what the owner's are at the position at which the applier stands still:
 * whatever the owner changes behind it comes with the stream, on top. Columns that do not move keep their values.
 */
final class Repair {

  private static final int KEYS_AT_ONCE = 10;

  private final TableFlow table;
  private final Connection applier;
  private final KeyedRows ours;
  private final KeyedRows theirs;

  /**
   * Creates the repair of one table.
   *
   * @param applier a connection as the applier's, in a transaction that the caller commits
   */
  Repair(TableFlow table, Connection applier) {
    this.table = table;
    this.applier = applier;
    this.ours = new KeyedRows(table, true, false);
    this.theirs = new KeyedRows(table, false, false);
  }

  /** Repairs; deletions come first, because their rows may hold values that others want. */
  void run(SideSnapshot owner, List<RowKey> keys) throws SQLException, InterruptedException {
    List<RowKey> wanted = new ArrayList<>();
    for (List<RowKey> some : parts(keys)) {
      Map<Integer, @Nullable String[]> rows = rows(owner, some);
      for (int i = 0; i < some.size(); i++) {
        if (rows.containsKey(i)) {
          wanted.add(some.get(i));
        } else {
          delete(some.get(i));
        }
      }
    }
    for (List<RowKey> some : parts(wanted)) {
      write(rows(owner, some), some);
    }
  }

  private Map<Integer, @Nullable String[]> rows(SideSnapshot owner, List<RowKey> keys) throws SQLException, InterruptedException {
    return SideSnapshot.join(owner.ask(side -> ours.texts(side, keys)));
  }

  private void write(Map<Integer, @Nullable String[]> rows, List<RowKey> keys) throws SQLException {
    Map<Integer, @Nullable String[]> there = theirs.texts(applier, keys);
    for (Map.Entry<Integer, @Nullable String[]> row : rows.entrySet()) {
      if (there.containsKey(row.getKey())) {
        update(row.getValue(), keys.get(row.getKey()));
      } else {
        insert(row.getValue());
      }
    }
  }

  private void delete(RowKey key) throws SQLException {
    TextStatement.execute(applier, "delete from %s where %s".formatted(table.target().sql(), sameKey()), key.values());
  }

  private void update(@Nullable String[] row, RowKey key) throws SQLException {
    List<@Nullable String> values = new ArrayList<>();
    List<String> assignments = new ArrayList<>();
    for (int i = 0; i < row.length; i++) {
      // The key's text may differ where its value does not; what the target makes itself takes no value.
      if (!table.columns().get(i).identityAlways()) {
        values.add(row[i]);
        assignments.add(Sql.identifier(table.columns().get(i).target()) + " = " + parameter(table.columns().get(i)));
      }
    }
    values.addAll(key.values());
    if (!assignments.isEmpty()) {
      TextStatement.execute(applier, "update %s set %s where %s".formatted(table.target().sql(), String.join(", ", assignments), sameKey()), values);
    }
  }

  private void insert(@Nullable String[] row) throws SQLException {
    boolean overriding = table.columns().stream().anyMatch(FlowColumn::identityAlways);
    TextStatement.execute(applier, "insert into %s (%s)%s values (%s)".formatted(table.target().sql(), Sql.identifiers(table.targetColumns()),
        overriding ? " overriding system value" : "",
        table.columns().stream().map(Repair::parameter).collect(joining(", "))), Arrays.asList(row));
  }

  private String sameKey() {
    return IntStream.of(table.keyPositions()).mapToObj(i -> table.columns().get(i))
        .map(column -> Sql.identifier(column.target()) + " = " + parameter(column)).collect(joining(" and "));
  }

  /** Without the type's length, so that a value too long is refused and not cut off. */
  private static String parameter(FlowColumn column) {
    return "?::text::" + column.targetType();
  }

  private static List<List<RowKey>> parts(List<RowKey> keys) {
    List<List<RowKey>> parts = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
      parts.add(keys.subList(from, Math.min(from + KEYS_AT_ONCE, keys.size())));
    }
    return parts;
  }
}
