package dev.banyan.move.cutover;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.TableName;
import java.util.List;

/** What in a database depends on tables that move, and does not move itself: views, and foreign keys of other tables. */
public final class Dependents {

  private static final String QUERY = """
      with root as (select to_regclass(name)::oid as oid from unnest(:tables::text[]) name where to_regclass(name) is not null),
        moved as (select oid from root union select p.relid::oid from root cross join lateral pg_partition_tree(oid) p)
      select distinct format('view %s', v.oid::regclass) from pg_depend d join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
        join pg_class v on v.oid = r.ev_class
      where d.refclassid = 'pg_class'::regclass and d.refobjid in (select oid from moved) and v.oid <> d.refobjid
      union
      select format('foreign key %s of %s', quote_ident(conname), conrelid::regclass) from pg_constraint
      where contype = 'f' and confrelid in (select oid from moved) and conrelid not in (select oid from moved) and conparentid = 0
      order by 1""";

  private Dependents() {}

  /** Lists them by kind and name. */
  public static List<String> of(Database database, List<TableName> tables) {
    return database.jdbi().withHandle(handle -> handle.createQuery(QUERY)
        .bindArray("tables", String.class, tables.stream().map(TableName::sql).toList()).mapTo(String.class).list());
  }
}
