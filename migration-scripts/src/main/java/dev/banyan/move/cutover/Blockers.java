package dev.banyan.move.cutover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Who keeps others waiting: transactions that hold a conflicting lock on a moved table, or a partition of one. */
public final class Blockers {

  private static final List<String> WRITERS = List.of("RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock",
      "ExclusiveLock", "AccessExclusiveLock");
  private static final List<String> READERS = List.of("AccessShareLock", "RowShareLock");

  private static final String QUERY = """
      with moved as (
        select t.relid from unnest(array[%s]::regclass[]) m(root)
        cross join lateral (select m.root::oid as relid union select p.relid::oid from pg_partition_tree(m.root) p) t
      ), held as (
        select pid, virtualtransaction from pg_locks
        where locktype = 'relation' and granted and database = (select oid from pg_database where datname = current_database())
          and relation in (select relid from moved) and mode in (%s)
      )
      select distinct case when a.backend_type = 'client backend' then a.pid end,
        format('process %%s (%%s, %%s), open for %%s s: %%s', a.pid, coalesce(a.usename, a.backend_type),
          coalesce(nullif(a.application_name, ''), '-'), round(extract(epoch from clock_timestamp() - a.xact_start)::numeric, 1),
          left(regexp_replace(a.query, '''[^'']*''', '''…''', 'g'), 120))
      from held join pg_stat_activity a using (pid)
      where a.pid <> pg_backend_pid() and split_part(a.application_name, ':', 1) <> 'banyan'
        and a.xact_start < clock_timestamp() - :millis * interval '1 ms'
      union all
      select null, format('prepared transaction %%s (%%s), open for %%s s; end it with rollback prepared or commit prepared',
        quote_literal(p.gid), p.owner, round(extract(epoch from clock_timestamp() - p.prepared)::numeric, 1))
      from pg_prepared_xacts p
      where p.prepared < clock_timestamp() - :millis * interval '1 ms' and p.database = current_database()
        and exists (select from held where held.virtualtransaction = '-1/' || p.transaction::text)""";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private record Blocker(Optional<Integer> process, String text) {}

  private final Database database;
  private final String tables;
  private final String modes;

  /** Creates the search for who would keep the fence waiting. */
  Blockers(Link link, Owner side) {
    this(link, side, WRITERS);
  }

  private Blockers(Link link, Owner side, List<String> modes) {
    this.modes = modes.stream().map(Sql::literal).collect(Collectors.joining(", "));
    this.database = link.database(side);
    this.tables = link.names(side).stream().map(table -> Sql.literal(table.sql()) + "::regclass")
        .collect(Collectors.joining(", "));
  }

  /** Creates the search for whoever uses the tables, readers too: they keep a table from getting another name. */
  public static Blockers ofAnyUse(Link link, Owner side) {
    return new Blockers(link, side, Stream.concat(WRITERS.stream(), READERS.stream()).toList());
  }

  /** Lists the transactions that have been in the way for at least so long; constants in their queries are left out. */
  public List<String> openFor(Duration atLeast) {
    return find(atLeast).stream().map(Blocker::text).toList();
  }

  /**
   * Ends their sessions. A prepared transaction has none, and stays; so does what the server does by itself.
   *
   * @return what was ended
   * @throws SwitchCancelledException if this role may not
   */
  List<String> terminate(Duration openForAtLeast) {
    List<String> ended = new ArrayList<>();
    for (Blocker blocker : find(openForAtLeast)) {
      blocker.process().ifPresent(process -> {
        terminate(process, blocker);
        ended.add(blocker.text());
      });
    }
    return ended;
  }

  private void terminate(int process, Blocker blocker) {
    try {
      database.jdbi().useHandle(handle -> handle.createQuery("select pg_terminate_backend(?, 1000)").bind(0, process).mapTo(Boolean.class).one());
    } catch (UnableToExecuteStatementException e) {
      if (e.getCause() instanceof SQLException cause && INSUFFICIENT_PRIVILEGE.equals(cause.getSQLState())) {
        throw new SwitchCancelledException(("Role \"%s\" may not end %s. Let it: grant pg_signal_backend to \"%s\"; a superuser's session"
            + " it may not end even then, somebody else has to").formatted(database.address().user(), blocker.text(),
            database.address().user()), e);
      }
      throw e;
    }
  }

  private List<Blocker> find(Duration openForAtLeast) {
    return database.jdbi().withHandle(handle -> handle.createQuery(QUERY.formatted(tables, modes))
        .bind("millis", openForAtLeast.toMillis())
        .map((row, context) -> new Blocker(Optional.ofNullable(row.getObject(1, Integer.class)), row.getString(2))).list());
  }
}
