package dev.banyan.move.cutover;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.TableName;
import java.util.Map;
import org.jdbi.v3.core.generic.GenericType;

/** Which columns of a table are filled by which sequence: identity, serial, or any default that asks one. */
final class SequenceColumns {

  private static final String QUERY = """
      select * from (
        select a.attname::text as name, coalesce(pg_get_serial_sequence(:table, a.attname), (
          select s.oid::regclass::text
          from pg_attrdef d
          join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
          join pg_class s on s.oid = p.refobjid and s.relkind = 'S'
          where d.adrelid = a.attrelid and d.adnum = a.attnum limit 1)) as sequence
        from pg_attribute a
        where a.attrelid = :table::regclass and a.attnum > 0 and not a.attisdropped) filled
      where sequence is not null""";

  private SequenceColumns() {}

  /** Returns the sequences as SQL names them, by the names of their columns. */
  static Map<String, String> of(Database database, TableName table) {
    return database.jdbi().withHandle(handle -> handle.createQuery(QUERY).bind("table", table.sql())
        .setMapKeyColumn("name").setMapValueColumn("sequence").collectInto(new GenericType<Map<String, String>>() {}));
  }
}
