package dev.banyan.move.database;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** Quoting for the statements that take no parameters. */
public final class Sql {

  private static final Set<String> TEXTS = Set.of("text", "character varying");

  private Sql() {}

  /** Quotes an identifier. */
  public static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Quotes a string constant; holds with {@code standard_conforming_strings = on}, which every connection here sets. */
  public static String literal(String value) {
    return '\'' + value.replace("'", "''") + '\'';
  }

  /**
   * Returns an expression of the text that a value is written out as, null for null. A cast to text is something else for
   * some types (a {@code bpchar} loses its blanks) and for others what somebody has made it.
   */
  public static String text(String value, String type) {
    return TEXTS.contains(type) ? value + "::text"
        : "case when %1$s is distinct from null then format('%%s', %1$s) end".formatted(value);
  }

  /** Joins quoted identifiers with commas. */
  public static String identifiers(Collection<String> names) {
    return names.stream().map(Sql::identifier).collect(Collectors.joining(", "));
  }
}
