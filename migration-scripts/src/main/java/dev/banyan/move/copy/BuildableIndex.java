package dev.banyan.move.copy;

import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index of a table that can be built from its definition.
 *
 * @param table the table
 * @param name its name
 * @param keyColumns the columns of the primary key, in the order of the index; none where it is not the primary key's
 * @param isConstraint whether it belongs to a primary key, a unique or an exclusion constraint, which has the same name
 * @param definition the statement that builds it
 */
record BuildableIndex(TableName table, TableName name, List<String> keyColumns, boolean isConstraint, String definition) {

  private static final String OF_TABLE = """
      select n.nspname, c.relname,
        array(select a.attname::text from unnest(i.indkey) with ordinality p(attnum, position)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = p.attnum
          where i.indisprimary and position <= i.indnkeyatts order by position),
        k.oid is not null,
        case when k.oid is null then pg_get_indexdef(i.indexrelid)
          else format('alter table %%s add constraint %%I %%s', i.indrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) end
      from pg_index i
      join pg_class c on c.oid = i.indexrelid
      join pg_namespace n on n.oid = c.relnamespace
      left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
      join pg_class t on t.oid = i.indrelid
      where t.oid = %s::regclass and (not i.indisprimary or t.relreplident = 'd')
        -- The parts of an index on partitions have properties of their own.
        and t.relkind <> 'p'
        -- One of them may be what tells rows apart.
        and not (i.indisunique and not exists (select from pg_index p where p.indrelid = t.oid and p.indisprimary
          union all select from banyan.key_set_aside k where k.relation = t.oid))
      order by not i.indisprimary, i.indexrelid""";

  private static final String UNIQUE = """
      select exists (select from pg_index
        where indrelid in (select %1$s::regclass union select relid from pg_partition_tree(%1$s::regclass))
          and not indisprimary and (indisunique or indisexclusion))""";

  private static final String DESCRIPTION = """
      select jsonb_build_array(pg_get_indexdef(i.indexrelid), obj_description(i.indexrelid, 'pg_class'),
        to_jsonb(i) - '{indexrelid,indcheckxmin,indexprs,indpred}'::text[],
        (select to_jsonb(c) - '{oid,relfilenode,relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid}'::text[]
          from pg_class c where c.oid = i.indexrelid),
        (select jsonb_agg(to_jsonb(a) - 'attrelid' order by a.attnum) from pg_attribute a where a.attrelid = i.indexrelid),
        (select jsonb_agg(jsonb_build_array(pg_get_constraintdef(k.oid), obj_description(k.oid, 'pg_constraint'),
            to_jsonb(k) - '{oid,conindid,conbin}'::text[]))
          from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')),
        -- A primary key says something of its columns, too.
        (select jsonb_agg(jsonb_build_array(a.attname, a.attnotnull) order by a.attnum) from pg_attribute a where a.attrelid = i.indrelid),
        (select jsonb_agg(jsonb_build_array(k.conname, k.contype) order by k.conname, k.contype) from pg_constraint k where k.conrelid = i.indrelid),
        (select jsonb_agg(jsonb_build_array(d.refclassid, d.refobjid, d.refobjsubid, d.deptype)
            order by d.refclassid, d.refobjid, d.refobjsubid, d.deptype)
          from pg_depend d
          where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refclassid <> 'pg_constraint'::regclass))::text
      from pg_index i where i.indexrelid = %s::regclass""";

  /** Lists those of a table that may be set aside, the primary key first, the others in the order in which they were made. */
  static List<BuildableIndex> of(Connection connection, TableName table) throws SQLException {
    List<BuildableIndex> indexes = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery(OF_TABLE.formatted(Sql.literal(table.sql())))) {
      while (row.next()) {
        indexes.add(new BuildableIndex(table, new TableName(row.getString(1), row.getString(2)),
            List.of((String[]) row.getArray(3).getArray()), row.getBoolean(4), row.getString(5)));
      }
    }
    return indexes;
  }

  /** Tells whether something besides the primary key keeps rows of a table from being alike. */
  static boolean isUniqueBesidesKey(Connection connection, TableName table) throws SQLException {
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery(UNIQUE.formatted(Sql.literal(table.sql())))) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** Drops it; fails where something depends on it. */
  void drop(Connection connection) throws SQLException {
    execute(connection, isConstraint
        ? "alter table %s drop constraint %s restrict".formatted(table.sql(), Sql.identifier(name.name()))
        : "drop index %s restrict".formatted(name.sql()));
  }

  /** Builds it. */
  void build(Connection connection) throws SQLException {
    execute(connection, definition);
  }

  /** Returns all that the catalog says of it, but for numbers that change when it is built again; null where it is not there. */
  @Nullable String description(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery(DESCRIPTION.formatted(Sql.literal(name.sql())))) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // Braces of a definition are its own.
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
