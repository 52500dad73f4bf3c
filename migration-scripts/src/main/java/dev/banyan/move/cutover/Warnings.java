package dev.banyan.move.cutover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Proxies;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Finding;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What does not keep a switch from beginning, and may surprise whoever asks for it. */
public final class Warnings {

  private static final Duration NOTICED_AFTER = Duration.ofMillis(500);
  private static final String TRIGGERS = """
      select format('trigger %s on %s', quote_ident(t.tgname), t.tgrelid::regclass) from pg_trigger t
      where t.tgrelid in (select to_regclass(name)::oid from unnest(:tables::text[]) name where to_regclass(name) is not null)
        and not t.tgisinternal and t.tgname !~ '^banyan_' and t.tgenabled = 'O' and t.tgparentid = 0
      order by 1""";

  private final Link link;
  private final Proxies proxies;

  /** Looks at the tables of a link. */
  public Warnings(Link link, Proxies proxies) {
    this.link = link;
    this.proxies = proxies;
  }

  /** Returns what is worth knowing before the owner of this record gives the tables up. */
  public List<Finding> of(Extraction record) {
    List<Finding> warnings = new ArrayList<>();
    for (String blocker : new Blockers(link, record.owner()).openFor(NOTICED_AFTER)) {
      warnings.add(new Finding("transaction on the moved tables", blocker, "ended when the switch begins",
          "Wait for it, or switch with --terminate-blockers."));
    }
    for (String proxy : proxies.missing()) {
      warnings.add(new Finding("proxy", proxy, "alive, or stopped for good",
          "See whether it still runs; what it sends to the former owner is refused by the fence."));
    }
    warnings.addAll(UnevenColumns.of(link, record.owner()));
    if (record.owner() == Owner.MONOLITH) {
      ofTheMonolith(warnings);
    }
    return warnings;
  }

  private void ofTheMonolith(List<Finding> warnings) {
    Database monolith = link.database(Owner.MONOLITH);
    for (String dependent : Dependents.of(monolith, link.names(Owner.MONOLITH))) {
      warnings.add(new Finding(dependent, "depends on a table that the service will own", "none",
          "It sees what the service commits a moment later, and nothing any more once the move is completed."));
    }
    for (String trigger : triggers(monolith)) {
      warnings.add(new Finding(trigger, "fires for the monolith's own writes only", "none that is needed",
          "Give the service's table one of its own: what comes from the service does not fire it."));
    }
  }

  private List<String> triggers(Database monolith) {
    return monolith.jdbi().withHandle(handle -> handle.createQuery(TRIGGERS)
        .bindArray("tables", String.class, link.names(Owner.MONOLITH).stream().map(TableName::sql).toList()).mapTo(String.class).list());
  }
}
