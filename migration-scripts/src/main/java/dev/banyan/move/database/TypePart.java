package dev.banyan.move.database;

import java.util.List;

/**
 * A type within a column's type: the type itself at the empty path, and all that it is built of below it.
 *
 * @param path how it is reached: {@code domain}, {@code element}, {@code range} or the number and name of an attribute
 * @param schema the schema it is defined in
 * @param name its name in {@code pg_type}
 * @param kind {@code pg_type.typtype}: b base, c composite, d domain, e enum, m multirange, r range
 */
public record TypePart(List<String> path, String schema, String name, char kind) {

  /** Tells whether every server has the type under one and the same object identifier. */
  public boolean isBuiltIn() {
    return schema.equals("pg_catalog");
  }
}
