package dev.banyan.move.database;

import java.util.List;
import java.util.Optional;

/**
 * A table as the catalog describes it.
 *
 * @param name its name
 * @param kind {@code pg_class.relkind}: r ordinary, p partitioned, v view, f foreign …
 * @param persistence {@code pg_class.relpersistence}: p permanent, u unlogged, t temporary
 * @param replicaIdentity {@code pg_class.relreplident}: d key, n nothing, f full, i index
 * @param rowSecurity whether row-level security is on
 * @param inherits whether it has or is a child of another table
 * @param owner the role that owns it
 * @param estimatedRows rows as the planner believes
 * @param columns its columns, generated ones included, in their order
 * @param key the columns of its primary key, empty where it has none
 */
public record TableShape(TableName name, char kind, char persistence, char replicaIdentity, boolean rowSecurity,
    boolean inherits, String owner, long estimatedRows, List<Column> columns, List<String> key) {

  /** Returns the column with this name, if there is one. */
  public Optional<Column> column(String column) {
    return columns.stream().filter(candidate -> candidate.name().equals(column)).findFirst();
  }

  /** Returns the columns whose values are stored rather than computed. */
  public List<Column> stored() {
    return columns.stream().filter(column -> !column.generated()).toList();
  }
}
