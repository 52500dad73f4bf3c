package dev.banyan.rules.mapping;

import dev.banyan.rules.sql.TableName;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The names that a table may have. JPA and Hibernate take a name as it is; Spring's default strategy writes
 * {@code UserAccount} as {@code user_account}, whether it is a class's name or said in an annotation.
 */
final class Naming {

  private Naming() {}

  static List<TableName> candidates(String schema, String table) {
    return Stream.of(table, snake(table)).map(name -> schema.isBlank() ? TableName.parse(name) : TableName.of(schema, name)).distinct()
        .toList();
  }

  private static String snake(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
