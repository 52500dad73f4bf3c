package dev.banyan.rules;

import dev.banyan.rules.sql.TableName;
import java.util.Locale;

/** Tables of a schema, {@code schema.table}; in the table's part {@code *} stands for any characters. */
record TablePattern(String schema, String table) {

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it is not of the form {@code schema.table}
   */
  static TablePattern parse(String text) {
    String[] parts = text.toLowerCase(Locale.ROOT).split("\\.", -1);
    if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank() || parts[0].contains("*")) {
      throw new IllegalArgumentException("'%s' is no table. Write schema.table; '*' may stand in the table's part.".formatted(text));
    }
    return new TablePattern(parts[0], parts[1]);
  }

  boolean matches(TableName name) {
    return name.schema().filter(schema::equals).isPresent() && matchesTable(name.table());
  }

  boolean matchesTable(String name) {
    return table.indexOf('*') < 0 ? table.equals(name) : name.matches(table.replaceAll("[^*]+", "\\\\Q$0\\\\E").replace("*", ".*"));
  }
}
