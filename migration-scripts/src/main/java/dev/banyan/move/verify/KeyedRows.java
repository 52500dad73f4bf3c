package dev.banyan.move.verify;

import dev.banyan.move.database.TableFlow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one side that have certain keys. */
final class KeyedRows {

  private final TableFlow table;
  private final RowSql sql;

  KeyedRows(TableFlow table, boolean source, boolean sameVersion) {
    this.table = table;
    this.sql = new RowSql(table, source, sameVersion);
  }

  /** Returns the hashes of the rows that are there, by the index of their key. */
  Map<Integer, Long> hashes(Connection side, List<RowKey> keys) throws SQLException {
    Map<Integer, Long> hashes = new HashMap<>();
    try (PreparedStatement statement = prepare(side, sql.hashesByKey(), keys); ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        hashes.put(row.getInt(1) - 1, row.getLong(2));
      }
    }
    return hashes;
  }

  /** Returns the texts of the rows that are there, by the index of their key. */
  Map<Integer, @Nullable String[]> texts(Connection side, List<RowKey> keys) throws SQLException {
    Map<Integer, @Nullable String[]> texts = new HashMap<>();
    try (PreparedStatement statement = prepare(side, sql.textsByKey(), keys); ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        texts.put(row.getInt(1) - 1, texts(row));
      }
    }
    return texts;
  }

  private @Nullable String[] texts(ResultSet row) throws SQLException {
    @Nullable String[] texts = new String[table.columns().size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = row.getString(i + 2);
    }
    return texts;
  }

  private PreparedStatement prepare(Connection side, String query, List<RowKey> keys) throws SQLException {
    PreparedStatement statement = side.prepareStatement(query);
    for (int column = 0; column < table.keyPositions().length; column++) {
      int position = column;
      statement.setArray(column + 1, side.createArrayOf("text",
          keys.stream().map(key -> key.values().get(position)).toArray(String[]::new)));
    }
    return statement;
  }
}
