package dev.banyan.move.check;

import dev.banyan.move.database.Column;
import java.util.Set;

/** The types whose values the stream carries exactly; every other one is refused by name. */
final class CarriedTypes {

  private static final Set<String> EXACT = Set.of("boolean", "smallint", "integer", "bigint", "real",
      "double precision", "numeric", "text", "character varying", "bpchar", "bytea", "uuid", "json", "jsonb", "xml",
      "date", "timestamp without time zone", "timestamp with time zone", "time without time zone",
      "inet", "cidr", "macaddr", "macaddr8", "\"bit\"", "bit varying", "tsvector",
      "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange");

  // interval is none of them: the connector reads an infinite one, which PostgreSQL 17 and later have, as none at all.
  private static final char ENUM = 'e';

  private CarriedTypes() {}

  static boolean isCarried(Column column) {
    String type = column.type();
    String element = type.endsWith("[]") ? type.substring(0, type.length() - 2) : type;
    boolean array = !element.equals(type);
    return column.category() == ENUM || EXACT.contains(element) || (array && element.equals("interval"));
  }
}
