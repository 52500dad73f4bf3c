package dev.banyan.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * SQL for PostgreSQL that gives each module a role with rights on what it owns, and on nothing else: what the rules forbid
 * in code, the server then refuses. It first takes back what the roles have in any schema of the ownership or as members of one
 * another, and what PUBLIC has in those of modules, so that running it again leads to the same rights whatever was granted in
 * between or is owned by another module now; all in one transaction, so that nobody is without rights meanwhile. Run it as the owner of the tables: a right that
 * another role has passed on is that one's to take back, and is named before anything is changed.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-revoke.html">PostgreSQL, REVOKE: rights on columns go with those on the table</a>
 */
public final class RoleScript {

  private static final List<String> ALL_TABLES = List.of("pg_read_all_data", "pg_write_all_data");

  private static final String PASSED_ON = """
      do $$ declare passed text; begin
        select string_agg(format('%%s on %%s to %%s by %%s', a.privilege_type, o.object, coalesce(to_role.rolname, 'PUBLIC'), by_role.rolname), '; ') into passed
        from (select c.relnamespace as schema, c.relowner as owner, c.relacl as rights, c.oid::regclass::text as object from pg_class c
          union all select c.relnamespace, c.relowner, t.attacl, format('column %%I of %%s', t.attname, c.oid::regclass)
            from pg_attribute t join pg_class c on c.oid = t.attrelid
          union all select p.pronamespace, p.proowner, p.proacl, p.oid::regprocedure::text from pg_proc p
          union all select n.oid, n.nspowner, n.nspacl, format('schema %%I', n.nspname) from pg_namespace n) o
        join pg_namespace n on n.oid = o.schema
        cross join lateral aclexplode(o.rights) a
        join pg_roles by_role on by_role.oid = a.grantor
        left join pg_roles to_role on to_role.oid = a.grantee
        where n.nspname in (%s) and a.grantor <> o.owner and (by_role.rolname in (%s) or coalesce(to_role.rolname, '') in ('', %s));
        if passed is not null then
          raise exception using errcode = '2B000', message = format('Rights that were passed on cannot be taken back here: %%s.', passed),
            hint = 'Revoke them as the role that has passed them on, or revoke its own right with cascade, and run this again.';
        end if;
      end $$;""";

  private final SchemaOwnership ownership;
  private final List<String> lines = new ArrayList<>();

  private RoleScript(SchemaOwnership ownership) {
    this.ownership = ownership;
  }

  /** Returns the script. */
  public static String of(SchemaOwnership ownership) {
    var script = new RoleScript(ownership);
    script.lines.add("begin;");
    script.lines.add("");
    ownership.modules().forEach(script::role);
    script.revoked();
    ownership.modules().forEach(script::module);
    script.lines.add("commit;");
    return String.join("\n", script.lines) + "\n";
  }

  private void role(OwnedModule module) {
    String role = quoted(module.name());
    lines.add("do $$ begin if not exists (select from pg_roles where rolname = %s) then create role %s nologin; end if; end $$;"
        .formatted(literal(module.name()), role));
  }

  /** What was granted once, by hand or when another module owned the table, is no longer there. */
  private void revoked() {
    if (ownership.modules().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("-- Nothing is left of what was granted before.");
    String roles = String.join(", ", ownership.modules().stream().map(module -> quoted(module.name())).toList());
    passedOn();
    ownership.modules().forEach(this::memberships);
    schemas().forEach(schema -> revoked(quoted(schema), roles, List.of("tables", "sequences", "functions")));
    ownership.modules().forEach(module -> module.schemas().forEach(schema -> revoked(quoted(schema), "public", List.of("tables", "sequences"))));
    ownership.modules().forEach(module -> module.tables().forEach(table -> each(of(table), "revoke all", "from", "public")));
    lines.add("");
  }

  /** A member of another module's role, or of one that may read or write all tables, has that one's rights, over other roles too. */
  private void memberships(OwnedModule module) {
    String others = String.join(", ", Stream.concat(ownership.modules().stream().map(OwnedModule::name)
        .filter(name -> !name.equals(module.name())), ALL_TABLES.stream()).map(RoleScript::literal).toList());
    lines.add(("do $$ declare g record; begin for g in select distinct r.rolname, coalesce(format(' granted by %%I', b.rolname), '') as way"
        + " from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles o on o.oid = m.member"
        + " left join pg_roles b on b.oid = m.grantor where o.rolname = %s and exists (select from pg_roles t where t.rolname in (%s)"
        + " and pg_has_role(r.oid, t.oid, 'member')) loop"
        + " execute format('revoke %%I from %%s%%s', g.rolname, %s, g.way); end loop; end $$;")
        .formatted(literal(module.name()), others, literal(quoted(module.name()))));
  }

  /**
   * A right that somebody with its grant option has passed on is that one's to take back: the server leaves one to a module's role
   * where it is and says nothing, and for one from a module's role it refuses the script and does not say whose.
   */
  private void passedOn() {
    String roles = String.join(", ", ownership.modules().stream().map(module -> literal(module.name())).toList());
    String schemas = String.join(", ", schemas().stream().map(RoleScript::literal).toList());
    lines.add(PASSED_ON.formatted(schemas, roles, roles));
  }

  private Set<String> schemas() {
    Set<String> schemas = new TreeSet<>();
    ownership.modules().forEach(module -> schemas.addAll(module.schemas()));
    ownership.modules().forEach(module -> module.tables().forEach(table -> schemas.add(table.schema())));
    ownership.shared().forEach(table -> schemas.add(table.schema()));
    return schemas;
  }

  /** PUBLIC keeps its right to call functions: those of extensions lie in a schema of somebody's, and all use them. */
  private void revoked(String schema, String roles, List<String> kinds) {
    lines.add("revoke all on schema %s from %s;".formatted(schema, roles));
    for (String objects : kinds) {
      lines.add("revoke all on all %s in schema %s from %s;".formatted(objects, schema, roles));
      lines.add("alter default privileges in schema %s revoke all on %s from %s;".formatted(schema, objects, roles));
    }
  }

  private void module(OwnedModule module) {
    String role = quoted(module.name());
    lines.add("-- Module %s. Grant the role to the one that its connections use: grant %s to …;".formatted(module.name(), role));
    module.schemas().forEach(schema -> schema(role, schema));
    module.tables().forEach(table -> table(role, table, "select, insert, update, delete"));
    ownership.shared().forEach(table -> table(role, table, "select"));
    module.defaultSchema().or(() -> module.schemas().stream().findFirst())
        .ifPresent(schema -> lines.add("alter role %s set search_path = %s;".formatted(role, quoted(schema))));
    lines.add("");
  }

  private void schema(String role, String schema) {
    String name = quoted(schema);
    lines.add("grant usage on schema %s to %s;".formatted(name, role));
    if (ownership.hasTablesOfOthers(schema)) {
      owned(role, schema);
      return;
    }
    lines.add("grant select, insert, update, delete on all tables in schema %s to %s;".formatted(name, role));
    lines.add("grant usage, select, update on all sequences in schema %s to %s;".formatted(name, role));
    lines.add("grant execute on all functions in schema %s to %s;".formatted(name, role));
    lines.add("alter default privileges in schema %s grant select, insert, update, delete on tables to %s;".formatted(name, role));
    lines.add("alter default privileges in schema %s grant usage, select, update on sequences to %s;".formatted(name, role));
  }

  /** Where another module owns single tables of the schema, these are left out. */
  private void owned(String role, String schema) {
    String others = String.join(" or ", new TreeSet<>(ownership.tablesOfOthers(schema).stream()
        .map(table -> "tablename like " + literal(like(table.table()))).toList()));
    each("select schemaname, tablename from pg_tables where schemaname = %s and not (%s)".formatted(literal(schema), others),
        "grant select, insert, update, delete", "to", role);
    sequences("not (%s)".formatted(others.replace("tablename", "c.relname")), schema, role);
  }

  private void table(String role, TablePattern table, String rights) {
    lines.add("grant usage on schema %s to %s;".formatted(quoted(table.schema()), role));
    if (table.table().contains("*")) {
      each(of(table), "grant " + rights, "to", role);
    } else {
      lines.add("grant %s on %s.%s to %s;".formatted(rights, quoted(table.schema()), quoted(table.table()), role));
    }
    if (rights.contains("insert")) {
      sequences("c.relname like " + literal(like(table.table())), table.schema(), role);
    }
  }

  /** A table whose key a sequence gives takes no row without a right on that. */
  private void sequences(String ofTables, String schema, String role) {
    lines.add(("do $$ declare s record; begin for s in select ns.nspname, q.relname from pg_class q join pg_namespace ns on ns.oid = q.relnamespace"
        + " join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = q.oid and d.deptype in ('a', 'i')"
        + " join pg_class c on c.oid = d.refobjid where q.relkind = 'S' and c.relnamespace = to_regnamespace(%s) and (%s) loop"
        + " execute format('grant usage, select, update on sequence %%I.%%I to %%s', s.nspname, s.relname, %s); end loop; end $$;")
        .formatted(literal(quoted(schema)), ofTables, literal(role)));
  }

  private static String of(TablePattern table) {
    return "select schemaname, tablename from pg_tables where schemaname = %s and tablename like %s"
        .formatted(literal(table.schema()), literal(like(table.table())));
  }

  private void each(String query, String action, String direction, String role) {
    lines.add(("do $$ declare t record; begin for t in %s loop"
        + " execute format('%s on %%I.%%I %s %%s', t.schemaname, t.tablename, %s); end loop; end $$;")
        .formatted(query, action, direction, literal(role)));
  }

  private static String like(String pattern) {
    return pattern.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%").replace("*", "%");
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
