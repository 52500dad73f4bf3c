package dev.banyan.move.database;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table's name with its schema, unquoted and in the letters of the catalog.
 *
 * @param schema the schema
 * @param name the table
 */
public record TableName(String schema, String name) {

  private static final String PART = "(?:\"((?:[^\"]|\"\")+)\"|([^\".]+))";
  private static final Pattern QUALIFIED = Pattern.compile(PART + "\\." + PART, Pattern.DOTALL);

  /** Reads {@code schema.table}; a part in double quotes may hold anything, dots included. Empty where it is neither. */
  public static Optional<TableName> parse(String text) {
    Matcher matcher = QUALIFIED.matcher(text);
    return matcher.matches()
        ? Optional.of(new TableName(part(matcher, 1), part(matcher, 3)))
        : Optional.empty();
  }

  private static String part(Matcher matcher, int group) {
    String quoted = matcher.group(group);
    return quoted != null ? quoted.replace("\"\"", "\"") : matcher.group(group + 1);
  }

  /** Returns the name as SQL takes it, quoted. */
  public String sql() {
    return Sql.identifier(schema) + "." + Sql.identifier(name);
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
