package dev.banyan.move.database;

/**
 * A column as the catalog describes it.
 *
 * @param number what tells it from another column that had or gets its name
 * @param name its name
 * @param type its type
 * @param notNull whether nulls are refused
 * @param hasDefault whether a row can be inserted without a value for it: a default, an identity, or null
 * @param generated whether its value is computed from others
 * @param identityAlways whether it is {@code GENERATED ALWAYS AS IDENTITY}
 * @param finite whether no interval in it can be infinite: by {@code CHECK (isfinite(column))}, or because the server
 *     knows no such intervals
 */
public record Column(int number, String name, DataType type, boolean notNull, boolean hasDefault, boolean generated,
    boolean identityAlways, boolean finite) {

  /** Tells whether the other is the same column, and holds values of the same type. */
  boolean holdsLike(Column other) {
    return number == other.number && name.equals(other.name) && type.equals(other.type);
  }
}
