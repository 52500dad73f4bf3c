package dev.banyan.rules.catalog;

import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.TableName;

/**
 * The questions to the catalog. Each answers rows of object, holder's schema and name, reached schema and name, detail.
 *
 * @see <a href="https://www.postgresql.org/docs/current/catalogs.html">PostgreSQL, System Catalogs</a>
 */
enum CatalogQuery {

  /** Foreign keys; those that a partition has from its parent are left out. */
  FOREIGN_KEYS(Access.REFERENCE, """
      select 'foreign key ' || c.conname || ' of ' || fs.nspname || '.' || f.relname, fs.nspname, f.relname, ts.nspname, t.relname,
             pg_get_constraintdef(c.oid)
        from pg_constraint c
        join pg_class f on f.oid = c.conrelid join pg_namespace fs on fs.oid = f.relnamespace
        join pg_class t on t.oid = c.confrelid join pg_namespace ts on ts.oid = t.relnamespace
       where c.contype = 'f' and c.conparentid = 0
       order by 1"""),

  /** Views and materialized views, by what their rewrite rules depend on. */
  VIEWS(Access.READ, """
      select distinct case v.relkind when 'm' then 'materialized view ' else 'view ' end || vs.nspname || '.' || v.relname,
             vs.nspname, v.relname, ts.nspname, t.relname, 'its definition'
        from pg_rewrite r
        join pg_class v on v.oid = r.ev_class and v.relkind in ('v', 'm') join pg_namespace vs on vs.oid = v.relnamespace
        join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
        join pg_class t on t.oid = d.refobjid and t.oid <> v.oid and t.relkind in ('r', 'p', 'v', 'm', 'f')
        join pg_namespace ts on ts.oid = t.relnamespace
       where r.rulename = '_RETURN' and vs.nspname not in ('pg_catalog', 'information_schema') and ts.nspname not in ('pg_catalog', 'information_schema')
       order by 1, 4, 5"""),

  /** Rules of tables, by what their actions depend on. */
  RULES(Access.WRITE, """
      select distinct 'rule ' || r.rulename || ' on ' || hs.nspname || '.' || h.relname, hs.nspname, h.relname, ts.nspname, t.relname,
             pg_get_ruledef(r.oid)
        from pg_rewrite r
        join pg_class h on h.oid = r.ev_class join pg_namespace hs on hs.oid = h.relnamespace
        join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
        join pg_class t on t.oid = d.refobjid and t.oid <> h.oid and t.relkind in ('r', 'p', 'v', 'm', 'f')
        join pg_namespace ts on ts.oid = t.relnamespace
       where r.rulename <> '_RETURN' and hs.nspname not in ('pg_catalog', 'information_schema')
       order by 1, 4, 5"""),

  /** Tables that inherit from others, and partitions. */
  INHERITANCE(Access.REFERENCE, """
      select 'inheritance of ' || hs.nspname || '.' || h.relname, hs.nspname, h.relname, ts.nspname, t.relname, 'its parent'
        from pg_inherits i
        join pg_class h on h.oid = i.inhrelid and h.relkind in ('r', 'p', 'f') join pg_namespace hs on hs.oid = h.relnamespace
        join pg_class t on t.oid = i.inhparent join pg_namespace ts on ts.oid = t.relnamespace
       order by 1, 4, 5"""),

  /** Triggers whose function lives elsewhere than their table. */
  TRIGGERS(Access.WRITE, """
      select 'trigger ' || g.tgname || ' on ' || ts.nspname || '.' || t.relname, ps.nspname, p.proname, ts.nspname, t.relname,
             pg_get_triggerdef(g.oid)
        from pg_trigger g
        join pg_class t on t.oid = g.tgrelid join pg_namespace ts on ts.oid = t.relnamespace
        join pg_proc p on p.oid = g.tgfoid join pg_namespace ps on ps.oid = p.pronamespace
       where not g.tgisinternal and g.tgparentid = 0
       order by 1"""),

  /** Sequences that a default takes its values from. */
  SEQUENCES(Access.REFERENCE, """
      select distinct 'default of ' || ts.nspname || '.' || t.relname || '.' || a.attname, ts.nspname, t.relname, ss.nspname, s.relname,
             pg_get_expr(e.adbin, e.adrelid)
        from pg_attrdef e
        join pg_attribute a on a.attrelid = e.adrelid and a.attnum = e.adnum
        join pg_class t on t.oid = e.adrelid join pg_namespace ts on ts.oid = t.relnamespace
        join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = e.oid and d.refclassid = 'pg_class'::regclass
        join pg_class s on s.oid = d.refobjid and s.relkind = 'S' join pg_namespace ss on ss.oid = s.relnamespace
       order by 1"""),

  /** Columns whose type lies in a schema of its own; an array has that of its elements, and an extension's types are everybody's. */
  TYPES(Access.REFERENCE, """
      select 'column ' || ts.nspname || '.' || t.relname || '.' || a.attname, ts.nspname, t.relname, ys.nspname, y.typname,
             'its type'
        from pg_attribute a
        join pg_class t on t.oid = a.attrelid and t.relkind in ('r', 'p', 'f') and not t.relispartition join pg_namespace ts on ts.oid = t.relnamespace
        join pg_type c on c.oid = a.atttypid
        join pg_type y on y.oid = case when c.typelem <> 0 and c.typlen = -1 then c.typelem else c.oid end
        join pg_namespace ys on ys.oid = y.typnamespace
       where a.attnum > 0 and not a.attisdropped and ts.nspname not in ('pg_catalog', 'information_schema')
         and ys.nspname not in ('pg_catalog', 'information_schema') and ys.nspname <> ts.nspname
         and not exists (select 1 from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = y.oid and d.deptype = 'e')
       order by 1"""),

  /** Row-level policies, by what their expressions depend on. */
  POLICIES(Access.READ, """
      select distinct 'policy ' || p.polname || ' on ' || hs.nspname || '.' || h.relname, hs.nspname, h.relname, ts.nspname, t.relname,
             coalesce(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
        from pg_policy p
        join pg_class h on h.oid = p.polrelid join pg_namespace hs on hs.oid = h.relnamespace
        join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass
        join pg_class t on t.oid = d.refobjid and t.oid <> h.oid join pg_namespace ts on ts.oid = t.relnamespace
       order by 1, 4, 5"""),

  /** Grants on tables, their columns and sequences, by role; 0 stands for PUBLIC. */
  GRANTS(Access.REFERENCE, """
      select 'grants to role ' || coalesce(r.rolname, 'PUBLIC'), '', coalesce(r.rolname, 'PUBLIC'), ts.nspname, t.relname,
             string_agg(acl.privilege_type || acl.columns, ', ' order by acl.privilege_type || acl.columns)
        from pg_class t
        join pg_namespace ts on ts.oid = t.relnamespace
       cross join lateral (
             select grantee, privilege_type, '' as columns from aclexplode(t.relacl)
              union all
             select a.grantee, a.privilege_type, ' (' || string_agg(c.attname, ', ' order by c.attnum) || ')'
               from pg_attribute c cross join lateral aclexplode(c.attacl) a
              where c.attrelid = t.oid and not c.attisdropped
              group by a.grantee, a.privilege_type) acl
        left join pg_roles r on r.oid = acl.grantee
       where t.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and acl.grantee <> t.relowner
         and ts.nspname not in ('pg_catalog', 'information_schema')
       group by r.rolname, ts.nspname, t.relname
       order by 1, 4, 5"""),

  /** Grants on functions and procedures, by role; everybody may call those of which nothing was said, so PUBLIC tells nothing. */
  ROUTINE_GRANTS(Access.REFERENCE, """
      select 'grants to role ' || r.rolname, '', r.rolname, s.nspname, p.proname, string_agg(distinct acl.privilege_type, ', ')
        from pg_proc p
        join pg_namespace s on s.oid = p.pronamespace
       cross join lateral aclexplode(p.proacl) acl
        join pg_roles r on r.oid = acl.grantee
       where acl.grantee <> p.proowner and s.nspname not in ('pg_catalog', 'information_schema')
         and not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
       group by r.rolname, s.nspname, p.proname
       order by 1, 4, 5"""),

  /** Grants on tables and sequences that are still to be made. */
  DEFAULT_GRANTS(Access.REFERENCE, """
      select 'default grants to role ' || coalesce(r.rolname, 'PUBLIC'), '', coalesce(r.rolname, 'PUBLIC'), s.nspname, '*',
             string_agg(distinct acl.privilege_type, ', ' order by acl.privilege_type)
        from pg_default_acl d
        join pg_namespace s on s.oid = d.defaclnamespace
       cross join lateral aclexplode(d.defaclacl) acl
        left join pg_roles r on r.oid = acl.grantee
       where d.defaclobjtype in ('r', 'S') and acl.grantee <> d.defaclrole
       group by r.rolname, s.nspname
       order by 1, 4""");

  /** What a body may name, each with the {@link TableName.Kind} that it is: tables, views, sequences, functions, types. */
  static final String NAMES = """
      select s.nspname, c.relname, 'TABLE'
        from pg_class c join pg_namespace s on s.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
       union
      select s.nspname, p.proname, 'ROUTINE'
        from pg_proc p join pg_namespace s on s.oid = p.pronamespace
       where not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
       union
      select s.nspname, y.typname, 'TYPE'
        from pg_type y join pg_namespace s on s.oid = y.typnamespace
       where (y.typtype in ('e', 'd', 'r') or y.typtype = 'c' and exists (select 1 from pg_class c where c.oid = y.typrelid and c.relkind = 'c'))
         and not exists (select 1 from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = y.oid and d.deptype = 'e')""";

  /** Bodies of functions, with their schema; what they touch is read from the text. */
  static final String FUNCTIONS = """
      select 'function ' || s.nspname || '.' || p.proname, s.nspname, p.proname, pg_get_functiondef(p.oid), array_to_string(p.proconfig, ';')
        from pg_proc p
        join pg_namespace s on s.oid = p.pronamespace
        join pg_language l on l.oid = p.prolang and l.lanname in ('sql', 'plpgsql')
       where p.prokind in ('f', 'p') and s.nspname not in ('pg_catalog', 'information_schema')
         and not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
       order by 1""";

  private final Access access;
  private final String sql;

  CatalogQuery(Access access, String sql) {
    this.access = access;
    this.sql = sql;
  }

  Access access() {
    return access;
  }

  /** Returns what is reached. */
  TableName.Kind kind() {
    return switch (this) {
      case TYPES -> TableName.Kind.TYPE;
      case ROUTINE_GRANTS -> TableName.Kind.ROUTINE;
      default -> TableName.Kind.TABLE;
    };
  }

  String sql() {
    return sql;
  }
}
