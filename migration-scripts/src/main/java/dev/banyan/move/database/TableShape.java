package dev.banyan.move.database;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A table as the catalog describes it.
 *
 * @param oid what tells it from another table that had or gets its name
 * @param name its name
 * @param kind {@code pg_class.relkind}: r ordinary, p partitioned, v view, f foreign …
 * @param persistence {@code pg_class.relpersistence}: p permanent, u unlogged, t temporary
 * @param replicaIdentity {@code pg_class.relreplident}: d key, n nothing, f full, i index; several letters where
 *     partitions differ
 * @param rowSecurity whether row-level security is on
 * @param inherits whether it is a child of another table, a partition included, or has children that are no partitions
 * @param owner the role that owns it
 * @param estimatedRows rows as the planner believes
 * @param columns its columns, generated ones included, in their order
 * @param indexes its unique indexes, the primary key's first
 * @param firing triggers and rules that fire for replicated changes, too
 * @param partitions all partitions below it, none where it is not partitioned
 */
public record TableShape(long oid, TableName name, char kind, char persistence, String replicaIdentity, boolean rowSecurity,
    boolean inherits, String owner, long estimatedRows, List<Column> columns, List<UniqueIndex> indexes,
    List<String> firing, List<TableName> partitions) {

  /** Returns the column with this name, if there is one. */
  public Optional<Column> column(String column) {
    return columns.stream().filter(candidate -> candidate.name().equals(column)).findFirst();
  }

  /** Returns the columns whose values are stored rather than computed. */
  public List<Column> stored() {
    return columns.stream().filter(column -> !column.generated()).toList();
  }

  /**
   * Returns the columns that tell rows apart, and whose old values the log carries; in the order of their index. Empty
   * where there are none.
   */
  public List<String> key() {
    return switch (replicaIdentity) {
      case "d" -> first(UniqueIndex::primary);
      case "i" -> first(UniqueIndex::replicaIdentity);
      case "f" -> first(UniqueIndex::notNull);
      default -> List.of();
    };
  }

  /** Tells whether this is the same table, and rows of the one can be written into the other as they are. */
  public boolean isLike(TableShape other) {
    return oid == other.oid && columns.equals(other.columns) && key().equals(other.key());
  }

  /** Tells whether this is the same table, and has every column of the other where it was, of the same type. */
  public boolean hasAllOf(TableShape other) {
    return oid == other.oid && other.columns.stream().allMatch(column -> column(column.name()).filter(column::holdsLike).isPresent());
  }

  /** Tells whether only all values together tell a row from others; several may be alike. */
  public boolean isKeyless() {
    return replicaIdentity.equals("f") && key().isEmpty();
  }

  private List<String> first(Predicate<UniqueIndex> wanted) {
    return indexes.stream().filter(wanted).findFirst().map(UniqueIndex::columns).orElse(List.of());
  }
}
