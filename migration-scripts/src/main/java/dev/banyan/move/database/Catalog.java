package dev.banyan.move.database;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Reads what PostgreSQL's catalog says about tables. */
public final class Catalog {

  private static final String TABLE = """
      select c.oid, c.relkind, c.relpersistence, c.relreplident, c.relrowsecurity,
        exists (select from pg_inherits i where c.oid in (i.inhrelid, i.inhparent)) as inherits,
        pg_get_userbyid(c.relowner) as owner, greatest(c.reltuples, 0)::bigint as rows
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = :schema and c.relname = :name and c.relkind in ('r', 'p', 'v', 'm', 'f')""";

  private static final String COLUMNS = """
      select a.attname, format_type(a.atttypid, -1), format_type(a.atttypid, a.atttypmod), t.typtype,
        a.attnotnull, a.attgenerated <> '', a.attidentity = 'a'
      from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attrelid = :oid and a.attnum > 0 and not a.attisdropped order by a.attnum""";

  private static final String KEY = """
      select a.attname from pg_index i
      cross join lateral unnest(i.indkey) with ordinality k(attnum, position)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where i.indrelid = :oid and i.indisprimary and i.indimmediate and i.indisvalid order by k.position""";

  private Catalog() {}

  /** Returns what the catalog says about a table or view, if there is one of that name. */
  public static Optional<TableShape> table(Handle handle, TableName name) {
    return handle.createQuery(TABLE).bind("schema", name.schema()).bind("name", name.name())
        .map((row, context) -> new TableShape(name, row.getString(2).charAt(0), row.getString(3).charAt(0),
            row.getString(4).charAt(0), row.getBoolean(5), row.getBoolean(6), row.getString(7), row.getLong(8),
            columns(handle, row.getLong(1)), key(handle, row.getLong(1))))
        .findOne();
  }

  private static List<Column> columns(Handle handle, long oid) {
    return handle.createQuery(COLUMNS).bind("oid", oid)
        .map((row, context) -> new Column(row.getString(1), row.getString(2), row.getString(3),
            row.getString(4).charAt(0), row.getBoolean(5), row.getBoolean(6), row.getBoolean(7)))
        .list();
  }

  private static List<String> key(Handle handle, long oid) {
    return handle.createQuery(KEY).bind("oid", oid).mapTo(String.class).list();
  }
}
