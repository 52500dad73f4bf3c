package dev.banyan.rules.draft;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.Touch;
import dev.banyan.rules.Transaction;
import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which tables are used together, by what, and how strongly that ties them. */
final class TableGraph {

  /** What ties tables, and how strongly. */
  enum Tie {
    /** One class uses them. */
    CLASS(1),
    /** One statement uses them. */
    STATEMENT(3),
    /** One transaction does. */
    TRANSACTION(4),
    /** A foreign key. */
    FOREIGN_KEY(5);

    private final int strength;

    Tie(int strength) {
      this.strength = strength;
    }
  }

  /** Tables that one place uses together. */
  record Together(Tie tie, String location, Set<String> tables) {}

  private final Map<String, Map<String, Double>> weights = new TreeMap<>();
  private final Map<String, Map<String, Integer>> byClass = new TreeMap<>();
  private final List<Together> together = new ArrayList<>();
  private final Map<String, Set<TableName>> withSchema = new HashMap<>();

  TableGraph(SchemaScan scan) {
    scan.touches().stream().map(Touch::table).filter(table -> table.schema().isPresent())
        .forEach(table -> withSchema.computeIfAbsent(table.table(), key -> new HashSet<>()).add(table));
    Map<String, List<Touch>> statements = new LinkedHashMap<>();
    for (Touch touch : scan.touches()) {
      if (touch.table().isOfApplication()) {
        weights.computeIfAbsent(name(touch.table()), key -> new TreeMap<>());
        statements.computeIfAbsent(touch.location() + touch.line() + touch.statement(), key -> new ArrayList<>()).add(touch);
        if (touch.kind() != Finding.Kind.MIGRATION) {
          byClass.computeIfAbsent(touch.unit(), key -> new TreeMap<>()).merge(name(touch.table()), 1, Integer::sum);
        }
      }
    }
    statements.values().forEach(this::statement);
    byClass.forEach((name, tables) -> tie(new Together(Tie.CLASS, name, tables.keySet())));
    scan.transactions().forEach(this::transaction);
  }

  /** A name without a schema is that of the only table which is called so elsewhere. */
  private String name(TableName table) {
    Set<TableName> called = withSchema.getOrDefault(table.table(), Set.of());
    return table.schema().isEmpty() && called.size() == 1 ? called.iterator().next().toString() : table.toString();
  }

  private void statement(List<Touch> touches) {
    boolean key = touches.get(0).kind() != Finding.Kind.SQL && touches.stream().anyMatch(touch -> touch.access() == Access.REFERENCE);
    Set<String> tables = new TreeSet<>();
    touches.forEach(touch -> tables.add(name(touch.table())));
    tie(new Together(key ? Tie.FOREIGN_KEY : Tie.STATEMENT, touches.get(0).location(), tables));
  }

  private void transaction(Transaction transaction) {
    Set<String> tables = new TreeSet<>();
    transaction.tables().stream().filter(TableName::isOfApplication).forEach(table -> tables.add(name(table)));
    tie(new Together(Tie.TRANSACTION, transaction.location(), tables));
  }

  /** The more tables one place uses, the less it says about two of them. */
  private void tie(Together used) {
    if (used.tables().size() < 2) {
      return;
    }
    together.add(used);
    double each = (double) used.tie().strength / (used.tables().size() - 1);
    for (String one : used.tables()) {
      used.tables().stream().filter(other -> !other.equals(one))
          .forEach(other -> weights.computeIfAbsent(one, key -> new TreeMap<>()).merge(other, each, Double::sum));
    }
  }

  Map<String, Map<String, Double>> weights() {
    return weights;
  }

  Map<String, Map<String, Integer>> byClass() {
    return byClass;
  }

  List<Together> together() {
    return together;
  }

  double degree(String table) {
    return weights.getOrDefault(table, new HashMap<>()).values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
