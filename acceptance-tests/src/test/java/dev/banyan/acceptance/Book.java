package dev.banyan.acceptance;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** Which rows there must be, by name such as {@code customer 12}, each as the text that PostgreSQL writes. */
final class Book {

  private final Map<String, String> rows = new TreeMap<>();

  /** Takes every row of a table down. */
  Book read(Connection connection, String table, String key) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select '%1$s ' || %2$s, t::text from %1$s t".formatted(table, key))) {
      while (row.next()) {
        rows.put(row.getString(1), row.getString(2));
      }
    }
    return this;
  }

  /** Takes down that a row has changed its name, its content, or both; an empty name stands for no row. */
  synchronized void changed(String before, String after, String text) {
    if (!before.isEmpty()) {
      rows.remove(before);
    }
    if (!after.isEmpty()) {
      rows.put(after, text);
    }
  }

  /** Returns the rows as they are now. */
  synchronized Map<String, String> rows() {
    return new TreeMap<>(rows);
  }
}
