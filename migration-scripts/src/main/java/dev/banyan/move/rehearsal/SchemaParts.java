package dev.banyan.move.rehearsal;

import dev.banyan.move.database.TableName;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Reads from the catalog what moved tables are made of and what they need: types, functions and extensions as far as they
 * depend on them, sequences, partitions, constraints, indexes. The server itself writes the definitions. Triggers stay
 * behind, Banyan's own among them, and so do views and what refers to tables that do not move.
 */
final class SchemaParts {

  /** The moved tables with all of their partitions. */
  private static final String TABLES = """
      with recursive root as (select to_regclass(name)::oid as oid from unnest(:tables::text[]) name),
      moved as (select oid, oid as root from root union select p.relid::oid, root.oid from root cross join lateral pg_partition_tree(oid) p)
      """;

  /** Whatever a table, its indexes, defaults and constraints depend on, all the way down. */
  private static final String NEEDED = TABLES + """
      , need(classid, objid) as (
        select 'pg_class'::regclass::oid, oid from moved
        union select 'pg_class'::regclass::oid, indexrelid from pg_index where indrelid in (select oid from moved)
        union select 'pg_attrdef'::regclass::oid, oid from pg_attrdef where adrelid in (select oid from moved)
        union select 'pg_constraint'::regclass::oid, oid from pg_constraint where conrelid in (select oid from moved) and contype <> 'f'
        union select next.* from need n cross join lateral (
          select d.refclassid, d.refobjid from pg_depend d
          where d.classid = n.classid and d.objid = n.objid and d.refclassid <> 'pg_namespace'::regclass
          union all select 'pg_constraint'::regclass::oid, k.oid from pg_constraint k
          where n.classid = 'pg_type'::regclass and k.contypid = n.objid) next
      ),
      made as (select * from need n where not exists (
        select from pg_depend d where d.classid = n.classid and d.objid = n.objid and d.deptype = 'e'))
      """;

  private static final String EXTENSIONS = NEEDED + """
      select format('extension %s', e.extname), format('create extension if not exists %I with schema %I', e.extname, n.nspname), false
      from made join pg_extension e on e.oid = objid and classid = 'pg_extension'::regclass join pg_namespace n on n.oid = e.extnamespace
      where e.extname <> 'plpgsql' order by 1""";

  private static final String TYPES = NEEDED + """
      select format('type %I.%I', n.nspname, t.typname), case t.typtype
        when 'e' then format('create type %I.%I as enum (%s)', n.nspname, t.typname,
          (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid))
        when 'c' then format('create type %I.%I as (%s)', n.nspname, t.typname,
          (select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum)
           from pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped))
        when 'r' then format('create type %I.%I as range (subtype = %s, multirange_type_name = %s)', n.nspname, t.typname,
          (select format_type(rngsubtype, null) from pg_range where rngtypid = t.oid),
          (select format_type(rngmultitypid, null) from pg_range where rngtypid = t.oid))
        when 'd' then format('create domain %I.%I as %s%s%s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
          case when t.typnotnull then ' not null' else '' end, coalesce(' default ' || t.typdefault, ''),
          (select string_agg(format(' constraint %I %s', conname, pg_get_constraintdef(oid)), '' order by conname)
           from pg_constraint where contypid = t.oid and contype = 'c'))
        end, true
      from made join pg_type t on t.oid = objid and classid = 'pg_type'::regclass join pg_namespace n on n.oid = t.typnamespace
      left join pg_class c on c.oid = t.typrelid
      where t.typtype in ('e', 'r', 'd') or (t.typtype = 'c' and c.relkind = 'c') order by 1""";

  private static final String FUNCTIONS = NEEDED + """
      select format('function %s', p.oid::regprocedure), pg_get_functiondef(p.oid), false
      from made join pg_proc p on p.oid = objid and classid = 'pg_proc'::regclass
      join pg_namespace n on n.oid = p.pronamespace and n.nspname <> 'banyan'
      where p.prokind = 'f' and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')
      order by 1""";

  private static final String SCHEMAS = NEEDED + """
      select distinct format('schema %I', n.nspname), format('create schema if not exists %I', n.nspname), false from (
        select relnamespace as oid from pg_class join made on oid = objid and classid = 'pg_class'::regclass
        union select typnamespace from pg_type join made on oid = objid and classid = 'pg_type'::regclass
        union select pronamespace from pg_proc join made on oid = objid and classid = 'pg_proc'::regclass
        union select extnamespace from pg_extension join made on oid = objid and classid = 'pg_extension'::regclass
      ) used join pg_namespace n using (oid) where n.nspname !~ '^pg_' and n.nspname <> 'banyan' order by 1""";

  private static final String SEQUENCES = NEEDED + """
      select format('sequence %s', c.oid::regclass),
        format('create sequence %s as %s increment %s minvalue %s maxvalue %s start %s cache %s%s', c.oid::regclass, format_type(s.seqtypid, null),
          s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, case when s.seqcycle then ' cycle' else '' end), true
      from made join pg_class c on c.oid = objid and classid = 'pg_class'::regclass and c.relkind = 'S' join pg_sequence s on s.seqrelid = c.oid
      where not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i') order by 1""";

  private static final String COLUMN = """
      format('%I %s%s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        (select format(' collate %I.%I', n.nspname, l.collname) from pg_collation l join pg_namespace n on n.oid = l.collnamespace
         where l.oid = a.attcollation and a.attcollation <> t.typcollation),
        case a.attgenerated when '' then '' else format(' generated always as (%s) %s', pg_get_expr(d.adbin, d.adrelid),
          case a.attgenerated when 's' then 'stored' else 'virtual' end) end,
        case when c.relispartition then '' else case a.attidentity when 'a' then ' generated always as identity'
          when 'd' then ' generated by default as identity' else '' end end,
        case when a.attnotnull then ' not null' else '' end)""";

  private static final String CREATED = TABLES + """
      , shaped as (
        select c.oid, c.relkind, c.reloptions, string_agg(%s, ', ' order by a.attnum) as columns
        from moved join pg_class c using (oid) join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        group by c.oid, c.relkind, c.reloptions)
      select format('table %%s', oid::regclass), format('create table %%s (%%s)%%s%%s', oid::regclass, columns,
        case relkind when 'p' then ' partition by ' || pg_get_partkeydef(oid) else '' end,
        ' with (' || array_to_string(reloptions, ', ') || ')'), true
      from shaped where relkind in ('r', 'p') order by 1""".formatted(COLUMN);

  private static final String ATTACHED = TABLES + """
      select format('partition %s', c.oid::regclass), format('alter table %s attach partition %s %s', i.inhparent::regclass, c.oid::regclass,
        pg_get_expr(c.relpartbound, c.oid)), true
      from moved join pg_class c using (oid) join pg_inherits i on i.inhrelid = c.oid
      where c.relispartition and i.inhparent in (select oid from moved) order by 1""";

  private static final String DEFAULTS = TABLES + """
      select format('default of %s.%I', a.attrelid::regclass, a.attname),
        format('alter table only %s alter column %I set default %s', a.attrelid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid)), false
      from moved join pg_attrdef d on d.adrelid = moved.oid join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
      where a.attgenerated = '' order by 1""";

  private static final String CONSTRAINTS = TABLES + """
      select format('constraint %I of %s', conname, conrelid::regclass),
        format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(k.oid)), contype in ('p', 'u')
      from pg_constraint k
      where conrelid in (select oid from moved) and conparentid = 0 and conislocal and contype in ('p', 'u', 'x', 'c')
      order by contype = 'c', 1""";

  private static final String INDEXES = TABLES + """
      select format('index %s', c.oid::regclass), replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON '), false
      from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indrelid in (select oid from moved) and i.indisvalid and not c.relispartition
        and not exists (select from pg_constraint where conindid = c.oid and conrelid = i.indrelid and contype in ('p', 'u', 'x')) order by 1""";

  private static final String IDENTITIES = TABLES + """
      select format('replica identity of %s', c.oid::regclass), format('alter table %s replica identity %s', c.oid::regclass,
        case c.relreplident when 'f' then 'full' when 'n' then 'nothing' else 'using index ' || (select quote_ident(x.relname)
          from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisreplident) end), false
      from moved join pg_class c using (oid) where c.relreplident in ('f', 'n', 'i') order by 1""";

  private static final String FOREIGN_KEYS = TABLES + """
      select format('foreign key %I of %s', conname, conrelid::regclass),
        format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(k.oid)), false
      from pg_constraint k where contype = 'f' and conparentid = 0 and conrelid in (select oid from moved)
        and confrelid in (select oid from moved) order by 1""";

  private static final String VALUES = TABLES + """
      select format('value of sequence %s', s.oid::regclass), case when d.deptype = 'a'
          then format('alter sequence %s owned by %s.%I', s.oid::regclass, d.refobjid::regclass, a.attname)
          else format('select 1 from pg_class where false') end
        || case when pg_sequence_last_value(s.oid) is null then '' else format('; select setval(pg_get_serial_sequence(%L, %L), %s)',
          d.refobjid::regclass, a.attname, pg_sequence_last_value(s.oid)) end, false
      from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S' join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
        and d.refobjid in (select root from moved) order by 1""";

  private static final String LEFT_OUT = TABLES + """
      select format('trigger %I of %s', tgname, tgrelid::regclass) from pg_trigger
      where tgrelid in (select oid from moved) and not tgisinternal and tgparentid = 0 and tgname !~ '^banyan_'
      union all select format('foreign key %I of %s to %s', conname, conrelid::regclass, confrelid::regclass) from pg_constraint
      where contype = 'f' and conparentid = 0 and conrelid in (select oid from moved) and confrelid not in (select oid from moved)
      union all select format('rule %I of %s', rulename, ev_class::regclass) from pg_rewrite where ev_class in (select oid from moved)
      order by 1""";

  private final Handle handle;
  private final List<TableName> tables;

  SchemaParts(Handle handle, List<TableName> tables) {
    this.handle = handle;
    this.tables = tables;
  }

  /** Returns what must be there before rows are, in no strict order. */
  List<SchemaPart> beforeRows() {
    return parts(SCHEMAS, EXTENSIONS, TYPES, FUNCTIONS, SEQUENCES, CREATED, ATTACHED, DEFAULTS);
  }

  /** Returns what is quicker made when the rows are there, keys first. */
  List<SchemaPart> behindRows() {
    return parts(CONSTRAINTS, INDEXES, IDENTITIES, FOREIGN_KEYS, VALUES);
  }

  /** Returns what stays behind, for people. */
  List<String> leftOut() {
    return handle.createQuery(LEFT_OUT).bindArray("tables", String.class, names()).mapTo(String.class).list();
  }

  private List<SchemaPart> parts(String... queries) {
    List<SchemaPart> parts = new ArrayList<>();
    for (String query : queries) {
      parts.addAll(handle.createQuery(query).bindArray("tables", String.class, names())
          .map((row, context) -> new SchemaPart(row.getString(1), row.getString(2), row.getBoolean(3))).list());
    }
    return parts;
  }

  private List<String> names() {
    return tables.stream().map(TableName::sql).toList();
  }
}
