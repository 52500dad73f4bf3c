package dev.banyan.move.cutover;

import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table that the fence is about: a moved one, a partition of one, since a statement names any of them and only its own
 * trigger fires, or one that was such a partition and still has our trigger.
 *
 * @param name its name
 * @param moved whether it moves; otherwise it was detached
 * @param installed whether it has our trigger
 * @param enabled whether that refuses writes
 */
record FencedTable(TableName name, boolean moved, boolean installed, boolean enabled) {

  // A trigger's arguments are bytes, each ended by a zero; the first of ours is the module.
  private static final String QUERY = """
      with moved as (
        select m.position, t.level, t.relid from unnest(array[%1$s]::text[]) with ordinality m(name, position)
        cross join lateral (select to_regclass(m.name)::oid as relid, 0 as level
          union select p.relid, p.level from pg_partition_tree(to_regclass(m.name)) p) t
        -- One that somebody has dropped can be fenced no more.
        where t.relid is not null
      ), ours as (
        select tgrelid, tgenabled from pg_trigger where tgname = '%2$s'
          and substring(tgargs from 1 for position('\\000'::bytea in tgargs) - 1) = convert_to(%3$s, getdatabaseencoding())
      )
      select n.nspname, c.relname, m.relid is not null, o.tgrelid is not null, coalesce(o.tgenabled = 'O', false)
      from moved m full join ours o on o.tgrelid = m.relid
      join pg_class c on c.oid = coalesce(m.relid, o.tgrelid) join pg_namespace n on n.oid = c.relnamespace
      order by m.position, m.level, 1, 2""";

  /** Lists all of a module: the moved ones in their order, each before its partitions. */
  static List<FencedTable> of(Connection connection, String module, Collection<TableName> moved) throws SQLException {
    try (var statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query(module, moved))) {
      return read(rows);
    }
  }

  /** Returns what lists them, for {@link #read}. */
  static String query(String module, Collection<TableName> moved) {
    String names = moved.stream().map(table -> Sql.literal(table.sql())).collect(Collectors.joining(", "));
    return QUERY.formatted(names, ObjectNames.FENCE, Sql.literal(module));
  }

  /** Reads the answer to {@link #query}. */
  static List<FencedTable> read(ResultSet row) throws SQLException {
    List<FencedTable> tables = new ArrayList<>();
    while (row.next()) {
      tables.add(new FencedTable(new TableName(row.getString(1), row.getString(2)), row.getBoolean(3), row.getBoolean(4), row.getBoolean(5)));
    }
    return tables;
  }
}
