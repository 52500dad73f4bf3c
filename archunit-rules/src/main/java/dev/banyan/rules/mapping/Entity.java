package dev.banyan.rules.mapping;

import dev.banyan.rules.sql.TableName;
import java.util.List;

/**
 * A class that queries can name.
 *
 * @param className the full name
 * @param name the name in queries
 * @param candidates its table, as naming strategies write it
 */
public record Entity(String className, String name, List<TableName> candidates) {

  /** Copies the candidates. */
  public Entity {
    candidates = List.copyOf(candidates);
  }
}
