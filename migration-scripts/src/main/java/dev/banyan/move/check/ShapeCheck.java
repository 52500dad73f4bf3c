package dev.banyan.move.check;

import dev.banyan.move.database.Column;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableShape;
import dev.banyan.move.database.UniqueIndex;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Whether a table, on whichever side, is of a kind that can be copied whole and followed. */
final class ShapeCheck {

  private static final String QUOTES = "\"'`";

  private final TableShape table;
  private final String side;
  private final List<Finding> findings;

  ShapeCheck(TableShape table, String side, List<Finding> findings) {
    this.table = table;
    this.side = side;
    this.findings = findings;
  }

  void run() {
    if (table.kind() != 'r' && table.kind() != 'p') {
      add("is a table", kindName(), "ordinary or partitioned table", "Only tables hold rows that can be moved.");
      return;
    }
    kind();
    visibility();
    identity();
    columnNames();
    if (!table.firing().isEmpty()) {
      add("fires nothing for replicated changes", String.join(", ", table.firing()), "none enabled always or for replicas",
          "What they do has been done where the change was made: alter table %s enable trigger …;".formatted(table.name().sql()));
    }
  }

  private void kind() {
    if (table.inherits()) {
      add("stands alone", "inherits or is inherited from", "neither",
          "Move a partitioned table by naming its root. Other inheritance cannot be moved: alter table … no inherit …;");
    }
    if (table.stored().isEmpty()) {
      add("has columns", "none that are stored", "one at least", "Take the table out of the plan.");
    }
  }

  private String kindName() {
    return switch (table.kind()) {
      case 'v' -> "view";
      case 'm' -> "materialized view";
      default -> "foreign table";
    };
  }

  private void visibility() {
    if (table.persistence() != 'p') {
      add("writes the log", table.persistence() == 'u' ? "unlogged" : "temporary", "logged",
          "alter table %s set logged;".formatted(table.name().sql()));
    }
    if (table.rowSecurity()) {
      add("shows every row", "row-level security", "none", "A role that sees a part must not copy a part; switch it off for the move.");
    }
  }

  private void identity() {
    boolean full = table.replicaIdentity().equals("f");
    if (table.replicaIdentity().length() > 1) {
      add("logs the key of changed rows", "replica identities that differ between partitions", "one",
          "Give all partitions one: alter table … replica identity default;");
    } else if (table.key().isEmpty() && !full) {
      add("logs a key that tells rows apart", "none that is checked at once (replica identity %s)".formatted(table.replicaIdentity()),
          "a primary key, or a unique index over columns that are not null", keyRemedy());
    }
    // Since PostgreSQL 18 a server refuses updates of such a table once it is published.
    Optional<Column> generated = table.columns().stream()
        .filter(column -> column.generated() && (full || table.key().contains(column.name()))).findFirst();
    generated.ifPresent(column -> add("logs stored columns as its key", "%s is generated".formatted(column.name()),
        "columns that are not generated", "alter table %s replica identity default;".formatted(table.name().sql())));
  }

  private String keyRemedy() {
    String alter = "alter table %s replica identity ".formatted(table.name().sql());
    Optional<UniqueIndex> usable = table.indexes().stream().filter(UniqueIndex::notNull).findFirst();
    if (usable.isPresent()) {
      return alter + (usable.get().primary() ? "default;" : "using index %s;".formatted(Sql.identifier(usable.get().name())));
    }
    return "alter table %s add primary key (…); or, slow where rows are updated or deleted: %sfull;".formatted(table.name().sql(), alter);
  }

  /** The connector cannot tell such columns apart, or takes the quotes for its own. */
  private void columnNames() {
    Map<String, String> seen = new HashMap<>();
    for (Column column : table.stored()) {
      String twin = seen.put(column.name().toLowerCase(Locale.ROOT), column.name());
      if (twin != null) {
        add("has columns that differ by more than case", "%s and %s".formatted(twin, column.name()), "one of them", "Rename one of them.");
      }
      if (QUOTES.indexOf(column.name().charAt(0)) >= 0) {
        add("has column names that begin with a letter", column.name(), "no quote in front", "Rename the column.");
      }
    }
  }

  private void add(String condition, String measured, String allowed, String remedy) {
    findings.add(new Finding("%s (%s) %s".formatted(table.name(), side, condition), measured, allowed, remedy));
  }
}
