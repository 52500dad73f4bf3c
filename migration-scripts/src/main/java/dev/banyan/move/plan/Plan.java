package dev.banyan.move.plan;

import java.util.List;
import java.util.TreeMap;

/**
 * What moves together: one module, its tables, its routes, and what the move may cost.
 *
 * @param file the file it was read from, as the user named it
 * @param module the module's name
 * @param monolith where the module comes from
 * @param service where it goes
 * @param tables the tables, at least one
 * @param routes the routes, none where only data moves
 * @param limits what the move may cost
 */
public record Plan(String file, String module, SidePlan monolith, SidePlan service, List<TablePlan> tables,
    List<RoutePlan> routes, Limits limits) {

  /**
   * Returns what moves, in a form that can be compared: tables, columns, filters, routes and origins. Limits and
   * databases may change during a move, these may not.
   */
  public String moving() {
    StringBuilder text = new StringBuilder();
    for (TablePlan table : tables) {
      text.append("table ").append(table.source().sql()).append(" to ").append(table.target().sql());
      new TreeMap<>(table.columns()).forEach((from, to) -> text.append(", ").append(from).append(" as ").append(to.orElse("~")));
      table.where().ifPresent(where -> text.append(", where ").append(where));
      text.append('\n');
    }
    for (RoutePlan route : routes) {
      text.append("route ").append(route.path()).append(' ').append(route.methods());
      route.kind().ifPresent(kind -> text.append(' ').append(kind));
      text.append('\n');
    }
    return text.append("monolith ").append(origin(monolith)).append(", service ").append(origin(service)).toString();
  }

  private static String origin(SidePlan side) {
    return side.url().map(Object::toString).orElse("without url");
  }
}
