package dev.banyan.move.check;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Catalog;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.PublishedTables;
import dev.banyan.move.database.PublishedTables.Deviation;
import dev.banyan.move.database.TableName;
import dev.banyan.move.database.TableShape;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.RoutePlan;
import dev.banyan.move.plan.TablePlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Looks for everything that stands in the way of a plan, at once, and changes nothing. */
public final class Checker {

  private static final int REACHABLE_SECONDS = 10;

  private final Plan plan;
  private final Database monolith;
  private final Database service;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<Owner> reached = EnumSet.noneOf(Owner.class);

  /** Creates a checker for a plan and its two databases. */
  public Checker(Plan plan, Database monolith, Database service) {
    this.plan = plan;
    this.monolith = monolith;
    this.service = service;
  }

  /** Checks everything, also that the service's tables are empty: what holds before a move begins. */
  public Checked beforeTheMove() {
    Checked checked = check();
    if (checked.isClear()) {
      checked.tables().forEach(this::requireEmpty);
    }
    return new Checked(checked.tables(), List.copyOf(findings));
  }

  /** Checks everything that must hold as long as a move goes on. */
  public Checked duringTheMove() {
    Checked checked = ofTables();
    if (checked.tables().size() == plan.tables().size()) {
      Link link = new Link(plan.module(), monolith, service, checked.tables());
      published(link, Owner.MONOLITH);
      published(link, Owner.SERVICE);
    }
    return new Checked(checked.tables(), List.copyOf(findings));
  }

  private void published(Link link, Owner side) {
    for (Deviation deviation : new PublishedTables(link, side).deviations()) {
      findings.add(new Finding("publication %s (%s)".formatted(ObjectNames.publication(plan.module()), side.word()),
          deviation.measured(), "every change of every moved table", ("What was written meanwhile is not in the log. Bring it back (%s),"
          + " then compare everything: banyan verify %s --repair").formatted(deviation.remedy(), plan.file())));
    }
  }

  /** Checks the tables, but not whether they are published. */
  public Checked ofTables() {
    return check();
  }

  /** Returns the tables that both sides have; asks the catalogs for these alone. */
  public List<MovedTable> tables() {
    findings.clear();
    return matched(shapesOf(Owner.MONOLITH), shapesOf(Owner.SERVICE));
  }

  /** Tells whether both databases answer. */
  public boolean isReachable() {
    findings.clear();
    reached.clear();
    reach(Owner.MONOLITH, monolith);
    reach(Owner.SERVICE, service);
    return hasReachedBoth();
  }

  /** Tells whether both databases answered when they were asked last. */
  public boolean hasReachedBoth() {
    return reached.size() == Owner.values().length;
  }

  /** Tells whether the database of this side answered when it was asked last. */
  public boolean hasReached(Owner side) {
    return reached.contains(side);
  }

  /** Returns what the last question has found. */
  public List<Finding> found() {
    return List.copyOf(findings);
  }

  private Checked check() {
    List<MovedTable> tables = new ArrayList<>();
    if (isReachable()) {
      requireTwoDatabases();
      List<@Nullable TableShape> sources = shapesOf(Owner.MONOLITH);
      List<@Nullable TableShape> targets = shapesOf(Owner.SERVICE);
      tables.addAll(matched(sources, targets));
      findings.addAll(new ServerCheck(Owner.MONOLITH, monolith).run(plan.module(), present(sources)));
      findings.addAll(new ServerCheck(Owner.SERVICE, service).run(plan.module(), present(targets)));
      otherPlans();
    }
    return new Checked(List.copyOf(tables), List.copyOf(findings));
  }

  private List<MovedTable> matched(List<@Nullable TableShape> sources, List<@Nullable TableShape> targets) {
    List<MovedTable> tables = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      TableShape source = sources.get(i);
      TableShape target = targets.get(i);
      if (source != null && target != null) {
        tables.add(new TableCheck(plan.tables().get(i), source, target, findings).run());
      }
    }
    return tables;
  }

  private static List<TableShape> present(List<@Nullable TableShape> shapes) {
    return shapes.stream().filter(Objects::nonNull).map(shape -> (TableShape) shape).toList();
  }

  private void reach(Owner side, Database database) {
    // Not from the pool, which would try again until its time is up.
    try (Connection connection = database.connect()) {
      if (connection.isValid(REACHABLE_SECONDS)) {
        reached.add(side);
      }
    } catch (SQLException e) {
      findings.add(new Finding("database of the " + side.word(), "no connection as " + database.address(),
          "a connection", "%s. Correct `%s.database` in the plan, or start the server."
          .formatted(String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("\\.$", ""), side.word())));
    }
  }

  private void requireTwoDatabases() {
    String query = "select system_identifier::text || current_database() from pg_control_system()";
    if (identity(monolith, query).equals(identity(service, query))) {
      findings.add(new Finding("databases", "one and the same", "two", "Name different databases in the plan."));
    }
  }

  private static String identity(Database database, String query) {
    return database.jdbi().withHandle(handle -> handle.createQuery(query).mapTo(String.class).one());
  }

  private List<@Nullable TableShape> shapesOf(Owner side) {
    return side == Owner.MONOLITH ? shapes(side, monolith, plan.tables().stream().map(TablePlan::source).toList())
        : shapes(side, service, plan.tables().stream().map(TablePlan::target).toList());
  }

  private List<@Nullable TableShape> shapes(Owner side, Database database, List<TableName> names) {
    return database.jdbi().withHandle(handle -> {
      List<@Nullable TableShape> shapes = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        shapes.add(shape(side, handle, names.get(i), plan.tables().get(i).line()));
      }
      return shapes;
    });
  }

  private @Nullable TableShape shape(Owner side, Handle handle, TableName name, int line) {
    Optional<TableShape> shape = Catalog.table(handle, name);
    if (shape.isEmpty()) {
      findings.add(new Finding("table %s (%s)".formatted(name, side.word()), "not there", "there",
          side == Owner.MONOLITH
              ? "Correct the name in %s, line %d. During a move: name it back, or cancel.".formatted(plan.file(), line)
              : "Create it, for instance by the service's own migrations. During a move: bring it back, or cancel."));
    }
    return shape.orElse(null);
  }

  private void requireEmpty(MovedTable table) {
    boolean filled = service.jdbi().withHandle(handle -> handle.createQuery(
        "select exists (select from %s)".formatted(table.service().name().sql())).mapTo(Boolean.class).one());
    if (filled) {
      findings.add(new Finding("table %s (service) is empty".formatted(table.service().name()), "has rows", "no rows",
          "Whatever is there would be mixed with what is copied: truncate " + table.service().name().sql() + ";"));
    }
  }

  private void otherPlans() {
    monolith.jdbi().useHandle(handle -> {
      if (handle.createQuery("select to_regclass('banyan.moved_table') is null").mapTo(Boolean.class).one()) {
        return;
      }
      unchanged(handle);
      plan.tables().forEach(table -> tableElsewhere(handle, table));
      plan.routes().forEach(route -> routeElsewhere(handle, route));
    });
  }

  /** Tells whether a move of the module goes on that was begun with another plan. */
  public boolean isPlanChanged() {
    return monolith.jdbi().withHandle(this::formerPlan).isPresent();
  }

  private Optional<String> formerPlan(Handle handle) {
    return handle.createQuery("""
            select plan from banyan.extraction where module = ? and phase not in ('PLANNED', 'CANCELLED', 'COMPLETED') and plan <> ?""")
        .bind(0, plan.module()).bind(1, plan.moving()).mapTo(String.class).findFirst();
  }

  /** What was not copied when the move began would be handed over empty. */
  private void unchanged(Handle handle) {
    formerPlan(handle).ifPresent(begun -> findings.add(new Finding("plan of module '" + plan.module() + "'",
        "changed since the move began", "as it was, limits aside",
        "Go back to the former plan, or cancel the move with it and begin anew. It said:\n    " + begun.replace("\n", "\n    "))));
  }

  private void tableElsewhere(Handle handle, TablePlan table) {
    handle.createQuery("""
            select t.module from banyan.moved_table t join banyan.extraction e using (module)
            where t.source = ? and t.module <> ? and e.phase <> 'CANCELLED'""")
        .bind(0, table.source().toString()).bind(1, plan.module()).mapTo(String.class).findFirst()
        .ifPresent(module -> findings.add(new Finding("table " + table.source(), "moved by the plan of module '" + module + "'",
            "in one plan", "Take it out of one of the two plans.")));
  }

  private void routeElsewhere(Handle handle, RoutePlan route) {
    handle.createQuery("""
            select r.module from banyan.route r join banyan.extraction e using (module)
            where r.path = ? and r.module <> ? and e.phase <> 'CANCELLED'
              and (r.methods = '{}' or ? or r.methods && ?::text[])""")
        .bind(0, route.path()).bind(1, plan.module()).bind(2, route.methods().isEmpty())
        .bindArray(3, String.class, route.methods()).mapTo(String.class).findFirst()
        .ifPresent(module -> findings.add(new Finding("route " + route.path(), "claimed by the plan of module '" + module + "'",
            "in one plan", "Take it out of one of the two plans.")));
  }
}
