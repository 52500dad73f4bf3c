package dev.banyan.move.cutover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Sql;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Who would keep the fence waiting: transactions that hold a conflicting lock on a moved table for some time already. */
final class Blockers {

  private static final String QUERY = """
      select distinct format('process %%s (%%s, %%s), open for %%s s: %%s', a.pid, coalesce(a.usename, a.backend_type),
        coalesce(nullif(a.application_name, ''), '-'), round(extract(epoch from clock_timestamp() - a.xact_start)::numeric, 1),
        left(regexp_replace(a.query, '''[^'']*''', '''…''', 'g'), 120))
      from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'relation' and l.granted and l.database = (select oid from pg_database where datname = current_database())
        and l.relation in (%s)
        and l.mode in ('RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
          'AccessExclusiveLock')
        and a.pid <> pg_backend_pid() and split_part(a.application_name, ':', 1) <> 'banyan'
        and a.xact_start < clock_timestamp() - :millis * interval '1 ms'""";

  private final Database database;
  private final String tables;

  Blockers(Link link, Owner side) {
    this.database = link.database(side);
    this.tables = link.names(side).stream().map(table -> Sql.literal(table.sql()) + "::regclass")
        .collect(Collectors.joining(", "));
  }

  /** Lists the transactions that have been in the way for at least so long; constants in their queries are left out. */
  List<String> openFor(Duration atLeast) {
    return database.jdbi().withHandle(handle -> handle.createQuery(QUERY.formatted(tables))
        .bind("millis", atLeast.toMillis()).mapTo(String.class).list());
  }
}
