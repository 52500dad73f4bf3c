package dev.banyan.control;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What a plan says about an extraction, as far as others than the mover have to know it.
 *
 * @param module the module's name
 * @param monolithUrl origin of the monolith; empty where only data moves
 * @param serviceUrl origin of the service; empty where only data moves
 * @param maxHold how long a proxy keeps one write waiting at most
 * @param plan what the plan says, limits and credentials aside, in a form that can be compared
 * @param tables the moved tables
 * @param routes the module's routes, in the plan's order
 */
public record Registration(String module, Optional<URI> monolithUrl, Optional<URI> serviceUrl, Duration maxHold,
    String plan, List<Table> tables, List<Route> routes) {

  /** A moved table, by its name on both sides; {@code rows} is an estimate. */
  public record Table(String source, String target, long rows) {}

  /** A route; no methods mean all of them, no kind means the kind that the method implies. */
  public record Route(String path, List<String> methods, Optional<String> kind) {}

  void writeTo(Handle handle) {
    handle.createUpdate("""
            insert into banyan.extraction (module, phase, owner, epoch, monolith_url, service_url, max_hold_ms, plan)
            values (:module, 'PLANNED', 'MONOLITH', 1, :monolith, :service, :hold, :plan)
            on conflict (module) do update set phase = excluded.phase, monolith_url = excluded.monolith_url,
              service_url = excluded.service_url, max_hold_ms = excluded.max_hold_ms, plan = excluded.plan, reads_percent = 0, held = false,
              epoch = extraction.epoch + 1, route_version = extraction.route_version + 1""")
        .bind("module", module)
        .bind("monolith", monolithUrl.map(URI::toString).orElse(null))
        .bind("service", serviceUrl.map(URI::toString).orElse(null))
        .bind("hold", maxHold.toMillis())
        .bind("plan", plan)
        .execute();
    handle.execute("delete from banyan.moved_table where module = ?", module);
    handle.execute("delete from banyan.route where module = ?", module);
    for (Table table : tables) {
      handle.execute("insert into banyan.moved_table (module, source, target, rows) values (?, ?, ?, ?)",
          module, table.source(), table.target(), table.rows());
    }
    for (int i = 0; i < routes.size(); i++) {
      Route route = routes.get(i);
      handle.execute("insert into banyan.route (module, position, path, methods, kind) values (?, ?, ?, ?, ?)",
          module, i, route.path(), route.methods().toArray(String[]::new), route.kind().orElse(null));
    }
  }
}
