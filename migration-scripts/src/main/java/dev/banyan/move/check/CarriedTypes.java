package dev.banyan.move.check;

import dev.banyan.move.database.Column;
import dev.banyan.move.database.TypePart;
import java.util.Optional;
import java.util.Set;

/**
 * The types whose values the stream does not carry exactly; a column of one is refused by name.
 *
 * <p>The stream's texts are PostgreSQL's own for every type, which read back as the same value by contract. Exceptions are
 * the types whose texts the connector itself reads: it must not lose anything in doing so. It tells them by bare name.
 */
final class CarriedTypes {

  /** What stands in the way of a column, and what to do about it. */
  record Obstacle(String reason, String remedy) {}

  private static final Set<String> READ_BY_CONNECTOR = Set.of("bool", "boolean", "int2", "int4", "int8", "integer", "int",
      "smallint", "bigint", "smallserial", "serial", "bigserial", "serial2", "serial4", "oid", "float4", "float8", "real",
      "numeric", "decimal", "date", "time", "timetz", "timestamp", "timestamptz", "bytea", "box", "circle", "interval", "line",
      "lseg", "money", "path", "point", "polygon");

  private CarriedTypes() {}

  static Optional<Obstacle> obstacle(Column column) {
    TypePart base = column.type().base();
    Optional<TypePart> identifier = column.type().parts().stream().filter(CarriedTypes::identifiesObjects).findFirst();
    if (identifier.isPresent()) {
      return Optional.of(new Obstacle("identifies objects of one database, such as large objects, which do not move",
          "Convert the column, large objects for instance to bytea, or leave it out."));
    }
    if (base.isBuiltIn() && base.name().equals("timetz")) {
      return Optional.of(new Obstacle("its offset from UTC is lost on the way",
          "Convert the column, for instance to timestamptz, or to time and an offset; or leave it out."));
    }
    if (base.isBuiltIn() && base.name().equals("interval") && !column.finite()) {
      return Optional.of(new Obstacle("an infinite interval arrives as none", "If there is none: add check (isfinite(…)) on the"
          + " column, on both sides. Otherwise leave it out."));
    }
    if (column.type().ambiguous() || (!base.isBuiltIn() && base.kind() != 'e' && READ_BY_CONNECTOR.contains(base.name()))) {
      return Optional.of(new Obstacle("another type has the same name, and one is taken for the other",
          "Rename one of the two with alter type … rename to …, or leave the column out."));
    }
    return Optional.empty();
  }

  private static boolean identifiesObjects(TypePart part) {
    return part.isBuiltIn() && (part.name().equals("oid") || part.name().startsWith("reg"));
  }
}
