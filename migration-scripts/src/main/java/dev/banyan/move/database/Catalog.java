package dev.banyan.move.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Reads what PostgreSQL's catalog says about tables. */
public final class Catalog {

  private static final String TABLE = """
      select c.oid, c.relkind, c.relpersistence, c.relrowsecurity,
        exists (select from pg_inherits i where c.oid in (i.inhrelid, case when c.relkind <> 'p' then i.inhparent end)) as inherits,
        pg_get_userbyid(c.relowner) as owner, greatest(c.reltuples, 0)::bigint as rows
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = :schema and c.relname = :name and c.relkind in ('r', 'p', 'v', 'm', 'f')""";

  private static final String COLUMNS = """
      select a.attnum, a.attname, format_type(a.atttypid, -1), format_type(a.atttypid, a.atttypmod),
        a.attnotnull, not a.attnotnull or a.atthasdef or a.attidentity <> '', a.attgenerated <> '', a.attidentity = 'a',
        current_setting('server_version_num')::int < 170000 or exists (select from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'c' and k.convalidated
          and pg_get_constraintdef(k.oid) = format('CHECK (isfinite(%I))', a.attname)),
        t.typnamespace <> c.relnamespace and exists (select from pg_type o
          where o.typname = t.typname and o.oid <> t.oid and o.typnamespace <> 'pg_toast'::regnamespace)
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
      where a.attrelid = :oid::oid and a.attnum > 0 and not a.attisdropped order by a.attnum""";

  private static final String TYPES = """
      with recursive part as (
        select a.attnum, a.atttypid as type, a.atttypmod as modifier, array[]::text[] collate "C" as path
        from pg_attribute a where a.attrelid = :oid::oid and a.attnum > 0 and not a.attisdropped
        union all
        select p.attnum, child.type, child.modifier, p.path || child.step::text collate "C"
        from part p join pg_type t on t.oid = p.type
        cross join lateral (
          select t.typbasetype, t.typtypmod, 'domain' where t.typtype = 'd'
          union all
          select t.typelem, p.modifier, 'element' where t.typtype = 'b' and t.typcategory = 'A' and t.typelem <> 0
          union all
          select b.atttypid, b.atttypmod, lpad(b.attnum::text, 4, '0') || ' ' || b.attname from pg_attribute b
          where t.typtype = 'c' and b.attrelid = t.typrelid and b.attnum > 0 and not b.attisdropped
          union all
          select r.rngsubtype, -1, 'range' from pg_range r where t.oid in (r.rngtypid, r.rngmultitypid)
        ) child(type, modifier, step)
      )
      select p.attnum, p.path, n.nspname, t.typname, t.typtype, concat_ws(' ',
        array_to_string(p.path, '/'), t.typtype,
        case when n.nspname = 'pg_catalog' then format_type(p.type, p.modifier) else t.typname end,
        case when t.typnotnull then 'not null' end,
        (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
        (select string_agg(pg_get_constraintdef(k.oid), ', ' order by pg_get_constraintdef(k.oid)) from pg_constraint k
          where k.contypid = t.oid and k.contype = 'c'))
      from part p join pg_type t on t.oid = p.type join pg_namespace n on n.oid = t.typnamespace
      order by p.attnum, p.path""";

  /** The table itself, or all partitions of one that is partitioned: those whose changes are logged. */
  private static final String IDENTITIES = """
      select distinct l.relreplident from pg_class c
      cross join lateral (select c.oid as relid where c.relkind <> 'p'
        union all select relid from pg_partition_tree(c.oid) where isleaf) leaf
      join pg_class l on l.oid = leaf.relid where c.oid = :oid::oid and l.relkind <> 'p'""";

  private static final String KEYS = """
      select c.relname, i.indisprimary, i.indisreplident, k.names, k.not_null
      from pg_index i join pg_class c on c.oid = i.indexrelid
      cross join lateral (
        select array_agg(a.attname::text order by position) as names, bool_and(a.attnotnull) as not_null
        from unnest(i.indkey) with ordinality k(attnum, position)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where position <= i.indnkeyatts
      ) k
      where i.indrelid = :oid::oid and i.indisunique and i.indimmediate and i.indisvalid and i.indpred is null and i.indexprs is null
      order by not i.indisprimary, cardinality(k.names), k.names""";

  /** Where the mover has set a primary key aside for the copy, it is the key all the same. */
  private static final String KEYS_SET_ASIDE = "select name, columns from banyan.key_set_aside where relation = :oid::oid";

  private static final String FIRING = """
      select format('trigger %s', tgname) from pg_trigger
      where tgrelid in (select :oid::oid union all select relid from pg_partition_tree(:oid::oid)) and not tgisinternal and tgenabled in ('A', 'R')
      union
      select format('rule %s', rulename) from pg_rewrite where ev_class = :oid::oid and ev_enabled in ('A', 'R') order by 1""";

  private static final String PARTITIONS = """
      select n.nspname, c.relname from pg_partition_tree(:oid::oid) p
      join pg_class c on c.oid = p.relid join pg_namespace n on n.oid = c.relnamespace
      where p.relid <> :oid::oid order by 1, 2""";

  private Catalog() {}

  /** Tells whether there is a table, view or sequence of that name. */
  public static boolean exists(Handle handle, TableName name) {
    return handle.createQuery("select to_regclass(?) is not null").bind(0, name.sql()).mapTo(Boolean.class).one();
  }

  /** Returns what the catalog says about a table or view, if there is one of that name. */
  public static Optional<TableShape> table(Handle handle, TableName name) {
    return handle.createQuery(TABLE).bind("schema", name.schema()).bind("name", name.name())
        .map((row, context) -> shape(handle, name, row))
        .findOne();
  }

  private static TableShape shape(Handle handle, TableName name, ResultSet row) throws SQLException {
    long oid = row.getLong("oid");
    char kind = row.getString("relkind").charAt(0);
    return new TableShape(oid, name, kind, row.getString("relpersistence").charAt(0), identities(handle, oid),
        row.getBoolean("relrowsecurity"), row.getBoolean("inherits"), row.getString("owner"), row.getLong("rows"),
        columns(handle, oid), indexes(handle, oid),
        handle.createQuery(FIRING).bind("oid", oid).mapTo(String.class).list(), kind == 'p' ? partitions(handle, oid) : List.of());
  }

  private static String identities(Handle handle, long oid) {
    return String.join("", handle.createQuery(IDENTITIES).bind("oid", oid).mapTo(String.class).list());
  }

  private static List<UniqueIndex> indexes(Handle handle, long oid) {
    List<UniqueIndex> indexes = new ArrayList<>();
    if (handle.createQuery("select to_regclass('banyan.key_set_aside') is not null").mapTo(Boolean.class).one()) {
      indexes.addAll(handle.createQuery(KEYS_SET_ASIDE).bind("oid", oid)
          .map((row, context) -> new UniqueIndex(row.getString(1), true, false, texts(row, 2), true)).list());
    }
    indexes.addAll(existingIndexes(handle, oid));
    return indexes;
  }

  private static List<UniqueIndex> existingIndexes(Handle handle, long oid) {
    return handle.createQuery(KEYS).bind("oid", oid)
        .map((row, context) -> new UniqueIndex(row.getString(1), row.getBoolean(2), row.getBoolean(3), texts(row, 4), row.getBoolean(5)))
        .list();
  }

  private static List<TableName> partitions(Handle handle, long oid) {
    return handle.createQuery(PARTITIONS).bind("oid", oid)
        .map((row, context) -> new TableName(row.getString(1), row.getString(2))).list();
  }

  private record TypeRow(int column, TypePart part, String definition) {}

  private static List<Column> columns(Handle handle, long oid) {
    Map<Integer, List<TypeRow>> types = handle.createQuery(TYPES).bind("oid", oid)
        .map((row, context) -> new TypeRow(row.getInt(1),
            new TypePart(texts(row, 2), row.getString(3), row.getString(4), row.getString(5).charAt(0)), row.getString(6)))
        .collect(Collectors.groupingBy(TypeRow::column));
    return handle.createQuery(COLUMNS).bind("oid", oid)
        .map((row, context) -> new Column(row.getInt(1), row.getString(2), type(row, types.getOrDefault(row.getInt(1), List.of())),
            row.getBoolean(5), row.getBoolean(6), row.getBoolean(7), row.getBoolean(8), row.getBoolean(9)))
        .list();
  }

  private static DataType type(ResultSet row, List<TypeRow> parts) throws SQLException {
    return new DataType(row.getString(3), row.getString(4),
        parts.stream().map(TypeRow::definition).collect(Collectors.joining("; ")),
        parts.stream().map(TypeRow::part).toList(), row.getBoolean(10));
  }

  private static List<String> texts(ResultSet row, int column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }
}
