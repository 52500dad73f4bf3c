package dev.banyan.move.verify;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the moved tables are, in a form that can be compared. The log does not tell of rows that come, go or change with
 * the table itself: a column added with a default that differs from row to row, a type converted, a partition attached,
 * detached or truncated by itself, a table that was not published for a while. After any of these, what has changed since
 * a certificate is more than the keys written down.
 */
final class Shapes {

  private static final String QUERY = """
      select hashtextextended(concat_ws('/',
        (select string_agg(format('%s %s %s %s', a.attnum, a.attname, a.atttypid, a.atttypmod), ',' order by a.attnum)
          from pg_attribute a where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped),
        (select string_agg(format('%s %s %s', f.oid, pg_relation_filenode(f.oid), i.xmin), ',' order by f.oid)
          from (select t.oid union select p.relid::oid from pg_partition_tree(t.oid) p) f(oid)
          left join pg_inherits i on i.inhrelid = f.oid),
        (select format('%s %s ', p.oid, p.xmin) || string_agg(format('%s %s', r.prrelid, r.xmin), ',' order by r.prrelid)
          from pg_publication p join pg_publication_rel r on r.prpubid = p.oid where p.pubname = :publication
          group by p.oid, p.xmin)), 0)
      from unnest(:tables) with ordinality n(name, position)
      cross join lateral (select to_regclass(n.name)::oid as oid) t order by n.position""";

  private Shapes() {}

  /** Returns what each table is on both sides now, by the tables' names in the monolith. */
  static Map<String, String> of(Link link) {
    return joined(link, of(link, Owner.MONOLITH), of(link, Owner.SERVICE));
  }

  /** Joins what both sides have answered. */
  static Map<String, String> joined(Link link, List<String> monolith, List<String> service) {
    Map<String, String> shapes = new HashMap<>();
    for (int i = 0; i < monolith.size(); i++) {
      shapes.put(link.names(Owner.MONOLITH).get(i).toString(), monolith.get(i) + service.get(i));
    }
    return shapes;
  }

  /** Returns what each table is on one side, in the link's order. */
  static List<String> of(Link link, Owner side) {
    List<String> names = link.names(side).stream().map(TableName::sql).toList();
    return link.database(side).jdbi().withHandle(handle -> handle.createQuery(QUERY)
        .bindArray("tables", String.class, names).bind("publication", ObjectNames.publication(link.module()))
        .mapTo(String.class).list());
  }
}
