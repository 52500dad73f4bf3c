package dev.banyan.move.database;

import java.util.List;

/**
 * Tells whether somebody has moved tables to himself, for a rewrite or a truncation for instance: what asks the server for
 * partitions or expressions would wait for its end, and everything behind it.
 *
 * <p>Source: <a href="https://www.postgresql.org/docs/current/view-pg-locks.html">PostgreSQL, pg_locks</a>.
 */
public final class ExclusiveLocks {

  // By pg_inherits, since the server's own function for partitions is one of those that wait.
  private static final String QUERY = """
      with recursive tree as (
        select to_regclass(name)::oid as oid from unnest(:tables::text[]) name
        union select i.inhrelid from pg_inherits i join tree on i.inhparent = tree.oid)
      select exists (
        select from pg_locks l where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.granted
          and l.database = (select oid from pg_database where datname = current_database()) and l.relation in (select oid from tree))""";

  private ExclusiveLocks() {}

  /** Returns whether any of these tables, or of their partitions, is somebody's alone right now. */
  public static boolean areHeld(Database database, List<TableName> tables) {
    String[] names = tables.stream().map(TableName::sql).toArray(String[]::new);
    return database.jdbi().withHandle(handle ->
        handle.createQuery(QUERY).bindArray("tables", String.class, (Object[]) names).mapTo(Boolean.class).one());
  }
}
