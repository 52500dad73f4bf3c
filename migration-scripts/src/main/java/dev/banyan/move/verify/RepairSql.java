package dev.banyan.move.verify;

import static java.util.stream.Collectors.joining;

import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The statement that makes one of the other side's rows what the owner's was, for somebody to read and to run. It acts
 * only where the row still is what it was when both were compared: what has changed since is left to the stream.
 */
final class RepairSql {

  private final RowPair pair;
  private final TableFlow table;

  RepairSql(RowPair pair) {
    this.pair = pair;
    this.table = pair.table();
  }

  String statement() {
    return switch (pair.difference().kind()) {
      case DIFFERENT -> "update %s set %s\n  where %s;".formatted(table.target().sql(), assignments(), asItWas());
      case MISSING -> insert();
      case EXTRA -> "delete from %s\n  where %s;".formatted(table.target().sql(), asItWas());
    };
  }

  private String assignments() {
    @Nullable String[] row = Objects.requireNonNull(pair.here());
    return pair.differing().stream().map(i -> column(i) + " = " + literal(row[i])).collect(joining(", "));
  }

  private String insert() {
    @Nullable String[] row = Objects.requireNonNull(pair.here());
    boolean overriding = table.columns().stream().anyMatch(FlowColumn::identityAlways);
    return "insert into %s (%s)%s\n  values (%s) on conflict do nothing;".formatted(table.target().sql(),
        Sql.identifiers(table.targetColumns()), overriding ? " overriding system value" : "",
        IntStream.range(0, row.length).mapToObj(i -> literal(row[i])).collect(joining(", ")));
  }

  private String asItWas() {
    @Nullable String[] row = Objects.requireNonNull(pair.there());
    List<FlowColumn> columns = table.columns();
    return IntStream.range(0, row.length)
        .mapToObj(i -> columns.get(i).key()
            ? column(i) + " = " + literal(row[i])
            : Sql.text(column(i), columns.get(i).targetType()) + " is not distinct from " + literal(row[i]))
        .collect(joining(" and "));
  }

  private String column(int position) {
    return Sql.identifier(table.columns().get(position).target());
  }

  private static String literal(@Nullable String value) {
    return value == null ? "null" : Sql.literal(value);
  }
}
