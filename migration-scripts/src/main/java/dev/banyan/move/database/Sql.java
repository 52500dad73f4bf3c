package dev.banyan.move.database;

import java.util.Collection;
import java.util.stream.Collectors;

/** Quoting for the statements that take no parameters. */
public final class Sql {

  private Sql() {}

  /** Quotes an identifier. */
  public static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Quotes a string constant; holds with {@code standard_conforming_strings = on}, which every connection here sets. */
  public static String literal(String value) {
    return '\'' + value.replace("'", "''") + '\'';
  }

  /** Joins quoted identifiers with commas. */
  public static String identifiers(Collection<String> names) {
    return names.stream().map(Sql::identifier).collect(Collectors.joining(", "));
  }
}
