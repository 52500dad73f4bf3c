package dev.banyan.move.check;

import dev.banyan.move.database.Column;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableShape;
import dev.banyan.move.plan.TablePlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether one table can be moved whole, and which column becomes which. */
final class TableCheck {

  private final TablePlan plan;
  private final TableShape monolith;
  private final TableShape service;
  private final List<Finding> findings;

  TableCheck(TablePlan plan, TableShape monolith, TableShape service, List<Finding> findings) {
    this.plan = plan;
    this.monolith = monolith;
    this.service = service;
    this.findings = findings;
  }

  MovedTable run() {
    movable(monolith, "monolith");
    movable(service, "service");
    namedColumns();
    List<MovedTable.Pair> pairs = pairs();
    columnsOfService(pairs);
    identities(pairs);
    keys(pairs);
    filter();
    return new MovedTable(monolith, service, pairs, plan.where());
  }

  private void movable(TableShape table, String side) {
    if (table.kind() != 'r') {
      add(table, side, "is an ordinary table", kind(table), "ordinary table", "Partitioned and foreign tables and views cannot be moved yet.");
    } else if (table.inherits()) {
      add(table, side, "stands alone", "inherits or is inherited from", "neither", "Tables in an inheritance tree cannot be moved yet.");
    }
    if (table.persistence() != 'p') {
      add(table, side, "writes the log", "unlogged", "logged", "alter table %s set logged;".formatted(table.name().sql()));
    }
    if (table.rowSecurity()) {
      add(table, side, "shows every row", "row-level security", "none", "A role that sees a part must not copy a part; switch it off for the move.");
    }
    if (table.key().isEmpty()) {
      add(table, side, "has a primary key", "none, or a deferrable one", "a primary key that is checked at once", "alter table %s add primary key (…);".formatted(table.name().sql()));
    }
    if (table.replicaIdentity() != 'd' && table.replicaIdentity() != 'f') {
      add(table, side, "logs the key of changed rows", "replica identity " + table.replicaIdentity(), "default or full",
          "alter table %s replica identity default;".formatted(table.name().sql()));
    }
  }

  private static String kind(TableShape table) {
    return switch (table.kind()) {
      case 'p' -> "partitioned table";
      case 'v' -> "view";
      case 'm' -> "materialized view";
      default -> "foreign table";
    };
  }

  private void namedColumns() {
    for (String column : plan.columns().keySet()) {
      if (monolith.column(column).isEmpty()) {
        findings.add(new Finding("column %s.%s".formatted(monolith.name(), column), "not there", "there",
            "Correct the name in the plan, line %d.".formatted(plan.line())));
      }
    }
  }

  private List<MovedTable.Pair> pairs() {
    List<MovedTable.Pair> pairs = new ArrayList<>();
    for (Column column : monolith.stored()) {
      Optional<String> name = plan.columns().getOrDefault(column.name(), Optional.of(column.name()));
      name.ifPresent(target -> pair(column, target).ifPresent(pairs::add));
    }
    return pairs;
  }

  private Optional<MovedTable.Pair> pair(Column column, String target) {
    Optional<Column> counterpart = service.column(target).filter(found -> !found.generated());
    if (counterpart.isEmpty()) {
      findings.add(new Finding("column %s.%s (service)".formatted(service.name(), target), "not there", column.fullType(),
          "Add it there, or leave %s out in the plan with `columns: { %s: ~ }`.".formatted(column.name(), column.name())));
      return Optional.empty();
    }
    if (!counterpart.get().fullType().equals(column.fullType())) {
      findings.add(new Finding("type of %s.%s (service)".formatted(service.name(), target), counterpart.get().fullType(),
          column.fullType(), "Give both columns one type."));
    }
    if (!CarriedTypes.isCarried(column)) {
      findings.add(new Finding("type of %s.%s".formatted(monolith.name(), column.name()), column.fullType(),
          "a type that is carried exactly", "Leave the column out, or convert it; see docs/types.md."));
    }
    return Optional.of(new MovedTable.Pair(column, counterpart.get()));
  }

  /** Such a column refuses the values that an update brings; a key's value does not change, as a rule. */
  private void identities(List<MovedTable.Pair> pairs) {
    for (MovedTable.Pair pair : pairs) {
      identity(monolith, pair.monolith(), "monolith");
      identity(service, pair.service(), "service");
    }
  }

  private void identity(TableShape table, Column column, String side) {
    if (column.identityAlways() && !table.key().contains(column.name())) {
      findings.add(new Finding("column %s.%s (%s)".formatted(table.name(), column.name(), side), "generated always as identity",
          "by default, or in the key", "alter table %s alter column %s set generated by default;".formatted(table.name().sql(),
          Sql.identifier(column.name()))));
    }
  }

  private void columnsOfService(List<MovedTable.Pair> pairs) {
    Set<String> filled = new HashSet<>();
    pairs.forEach(pair -> filled.add(pair.service().name()));
    for (Column column : service.stored()) {
      boolean named = plan.columns().values().stream().anyMatch(Optional.of(column.name())::equals);
      if (!filled.contains(column.name()) && !named && monolith.column(column.name()).isEmpty()) {
        findings.add(new Finding("column %s.%s (service)".formatted(service.name(), column.name()),
            "has no counterpart", "one in the monolith", "Drop it there, or fill it from a column with `columns`."));
      }
    }
  }

  private void keys(List<MovedTable.Pair> pairs) {
    List<String> expected = monolith.key().stream()
        .map(key -> plan.columns().getOrDefault(key, Optional.of(key)).orElse("(left out)")).toList();
    if (!monolith.key().isEmpty() && !service.key().isEmpty() && !Set.copyOf(expected).equals(Set.copyOf(service.key()))) {
      findings.add(new Finding("primary key of %s (service)".formatted(service.name()), service.key().toString(),
          expected.toString(), "Both sides must have the same key."));
    }
  }

  /** A deletion carries only the key, so a publication cannot tell whether the row was in the filter by any other column. */
  private void filter() {
    if (plan.where().isPresent() && monolith.replicaIdentity() != 'f') {
      add(monolith, "monolith", "logs the columns that `where` reads", "replica identity default", "full",
          "alter table %s replica identity full;".formatted(monolith.name().sql()));
    }
  }

  private void add(TableShape table, String side, String condition, String measured, String allowed, String remedy) {
    findings.add(new Finding("%s (%s) %s".formatted(table.name(), side, condition), measured, allowed, remedy));
  }
}
