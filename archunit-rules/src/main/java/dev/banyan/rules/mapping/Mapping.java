package dev.banyan.rules.mapping;

import dev.banyan.rules.sql.TableName;
import java.util.List;

/**
 * A table that an annotation maps.
 *
 * @param annotation its simple name
 * @param candidates the table it names: as it is said first, then as naming strategies write it
 * @param where the class or member that carries it
 */
public record Mapping(String annotation, List<TableName> candidates, String where) {

  /** Copies the candidates. */
  public Mapping {
    candidates = List.copyOf(candidates);
  }
}
