package dev.banyan.move.stream;

import dev.banyan.move.database.TableFlow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes folded changes to the other side, strictly: every row that is to be updated or deleted must be there, and no
 * row that is to be inserted. Anything else means that somebody wrote past the fence, and nothing is committed.
 */
final class TableWriter {

  private final Connection target;
  private final KeylessWriter keyless;
  private final IdentityKeyWriter identityKeys;

  TableWriter(Connection target) {
    this.target = target;
    this.keyless = new KeylessWriter(target);
    this.identityKeys = new IdentityKeyWriter(target);
  }

  void write(Fold fold) throws SQLException {
    for (Fold.TableChanges changes : fold.changes()) {
      write(changes);
    }
  }

  /** Writes a change that stands alone. */
  void writeAlone(RowChange change) throws SQLException {
    if (change.kind() == RowChange.Kind.TRUNCATE) {
      truncate(change.table());
    } else if (change.table().keyless()) {
      require(change.table(), "changes", 1, keyless.write(change));
    } else if (IdentityKeyWriter.isNeededFor(change)) {
      require(change.table(), "updates", 1, identityKeys.write(change));
    } else {
      write(new Fold.TableChanges(change.table(), List.of(), List.of(change), List.of()));
    }
  }

  private void write(Fold.TableChanges changes) throws SQLException {
    TableFlow table = changes.table();
    List<Key> deletes = changes.deletes();
    if (!deletes.isEmpty()) {
      String[][] arrays = arrays(table.keyPositions().length, deletes.size(), column -> row -> deletes.get(row).values().get(column));
      require(table, "deletions", deletes.size(), execute(TableSql.delete(table), arrays));
    }
    for (Carried group : Carried.updates(changes.updates())) {
      update(table, group.columns(), group.changes());
    }
    requireWhole(changes.inserts());
    for (Carried group : Carried.inserts(changes.inserts())) {
      insert(table, group.columns(), group.changes());
    }
  }

  private void insert(TableFlow table, int[] columns, List<RowChange> inserts) throws SQLException {
    execute(TableSql.insert(table, columns), arrays(columns.length, inserts.size(), column -> row -> inserts.get(row).image()[columns[column]]));
  }

  private void truncate(TableFlow table) throws SQLException {
    try (var statement = target.createStatement()) {
      statement.execute(TableSql.truncate(table));
    }
  }

  private void update(TableFlow table, int[] columns, List<RowChange> updates) throws SQLException {
    if (columns.length == 0) {
      return;
    }
    String[][] arrays = arrays(columns.length + table.keyPositions().length, updates.size(),
        array -> row -> array < columns.length
            ? updates.get(row).image()[columns[array]]
            : updates.get(row).key().values().get(array - columns.length));
    require(table, "updates", updates.size(), execute(TableSql.update(table, columns), arrays));
  }

  private static void requireWhole(List<RowChange> inserts) {
    for (RowChange insert : inserts) {
      if (!insert.isWhole()) {
        throw new IllegalStateException("A new row of %s arrived without all its values".formatted(insert.table().source()));
      }
    }
  }

  private static void require(TableFlow table, String what, int expected, int met) {
    if (met != expected) {
      throw new IllegalStateException(
          "Table %s is not what its owner believes: %d %s met %d rows. Nothing of them was kept; run verify to see the difference."
              .formatted(table.target(), expected, what, met));
    }
  }

  private static String[][] arrays(int columns, int rows, IntFunction<IntFunction<@Nullable String>> value) {
    String[][] arrays = new String[columns][rows];
    for (int column = 0; column < columns; column++) {
      IntFunction<@Nullable String> cell = value.apply(column);
      for (int row = 0; row < rows; row++) {
        arrays[column][row] = cell.apply(row);
      }
    }
    return arrays;
  }

  private int execute(String sql, String[][] arrays) throws SQLException {
    try (var statement = target.prepareStatement(sql)) {
      for (int i = 0; i < arrays.length; i++) {
        statement.setArray(i + 1, target.createArrayOf("text", arrays[i]));
      }
      return statement.executeUpdate();
    }
  }
}
