package dev.banyan.move.rehearsal;

import dev.banyan.control.Certificates;
import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.control.Progress;
import dev.banyan.control.Proxies;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Checked;
import dev.banyan.move.check.Checker;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.Dependents;
import dev.banyan.move.cutover.Readiness;
import dev.banyan.move.cutover.Warnings;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.TableName;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import dev.banyan.move.plan.ByteCount;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.TablePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The two databases of the plan, which a rehearsal only looks at: their servers refuse whatever it would write. */
final class RealSides implements AutoCloseable {

  private static final String SIZE = """
      select coalesce(sum(pg_total_relation_size(relid)), 0)::bigint from (
        select to_regclass(:table)::oid as relid union select relid from pg_partition_tree(to_regclass(:table))) part""";

  private final Plan plan;
  private final Database monolith;
  private final Database service;

  RealSides(Plan plan) {
    this.plan = plan;
    this.monolith = Database.readOnly(plan.monolith().database());
    this.service = Database.readOnly(plan.service().database());
  }

  Database monolith() {
    return monolith;
  }

  Database database(Owner side) {
    return side == Owner.MONOLITH ? monolith : service;
  }

  /** Returns what a check of the plan finds. */
  Checked check() {
    Checker checker = new Checker(plan, monolith, service);
    if (!checker.isReachable()) {
      throw new Refused("A move of module '%s' cannot be rehearsed:".formatted(plan.module()), checker.found());
    }
    Checked checked = record().filter(found -> !found.phase().isEnded()).isPresent() ? checker.ofTables() : checker.beforeTheMove();
    if (checked.tables().size() < plan.tables().size()) {
      throw new Refused("A move of module '%s' cannot be rehearsed:".formatted(plan.module()), checked.findings());
    }
    return checked;
  }

  /** Refuses what no rehearsal could get through. */
  void requireRehearsable() {
    String filtered = plan.tables().stream().filter(table -> table.where().isPresent()).map(table -> table.source().toString())
        .collect(Collectors.joining(", "));
    if (!filtered.isEmpty()) {
      throw new Refused("A switch of module '%s' cannot be rehearsed: %s moves with `where`, and writes of such a table cannot be switched."
          .formatted(plan.module(), filtered));
    }
    record().map(Extraction::phase).ifPresent(phase -> {
      if (phase == Phase.COPYING || phase == Phase.COMPLETED) {
        throw new Refused(("The phase of module '%s' is %s: %s. Rehearse before a move, or while it is in sync or switched.").formatted(
            plan.module(), phase, phase == Phase.COPYING ? "the service's tables lack the indexes that are set aside" : "there is nothing left to switch"));
      }
    });
  }

  private Optional<Extraction> record() {
    ControlPlane control = new ControlPlane(monolith.jdbi(), Workspace.actor());
    return control.isInstalled() ? control.find(plan.module()) : Optional.empty();
  }

  /** Returns what the real move, or where it follows the monolith its switch, would be refused for now. */
  List<Finding> unmet(Checked checked) {
    List<Finding> unmet = new ArrayList<>(checked.findings());
    record().filter(record -> record.phase().isFollowing() && record.owner() == Owner.MONOLITH).ifPresent(record -> unmet.addAll(
        new Readiness(plan, new Progress(monolith.jdbi()), proxies(), new Certificates(monolith.jdbi())).ofSwitch(record, link(checked))));
    return unmet;
  }

  /** Returns what is worth knowing before the real switch; before the move has begun, what depends on the tables. */
  List<Finding> warnings(Checked checked) {
    return record().map(record -> new Warnings(link(checked), proxies()).of(record)).orElseGet(() ->
        Dependents.of(monolith, tables(Owner.MONOLITH)).stream().map(dependent -> new Finding(dependent,
            "depends on a table that the service will own", "none", "It sees nothing any more of what the service writes once the move is completed."))
            .toList());
  }

  private Link link(Checked checked) {
    return new Link(plan.module(), monolith, service, checked.tables());
  }

  private Proxies proxies() {
    return new Proxies(monolith.jdbi());
  }

  /** Returns the names of the moved tables on one side. */
  List<TableName> tables(Owner side) {
    List<TableName> names = new ArrayList<>();
    for (TablePlan table : plan.tables()) {
      names.add(side == Owner.MONOLITH ? table.source() : table.target());
    }
    return names;
  }

  /** Returns what the monolith's tables take on its disk, with their indexes. */
  ByteCount size() {
    return new ByteCount(monolith.jdbi().withHandle(handle -> tables(Owner.MONOLITH).stream().mapToLong(table ->
        handle.createQuery(SIZE).bind("table", table.sql()).mapTo(Long.class).one()).sum()));
  }

  /** Returns the version of the monolith's server as people name it. */
  String version() {
    return monolith.jdbi().withHandle(handle ->
        handle.createQuery("select split_part(current_setting('server_version'), ' ', 1)").mapTo(String.class).one());
  }

  @Override
  public void close() {
    monolith.close();
    service.close();
  }
}
