package dev.banyan.move.check;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.TableShape;
import dev.banyan.move.database.Sql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** What a server must offer on either side: the way back needs on the service's what the way out needs on the monolith's. */
final class ServerCheck {

  private static final int OLDEST = 150_000;
  /** A mover, a verification and a switch at once have had 13 at most. */
  private static final int CONNECTIONS = 16;
  private static final String ROOM = """
      with others as (
        select usename, datname, backend_type from pg_stat_activity
        where backend_type in ('client backend', 'walsender')
          and not (usename = current_user and coalesce(application_name, '') ~ '^(banyan(:|$)|Debezium )')
      ), limits as (
        select 'max_connections' as name, current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true)::int, 0) as most,
          (select count(*) from others where backend_type = 'client backend') as taken, 'Raise max_connections and restart the server.' as remedy
        union all select 'connection limit of database ' || datname, datconnlimit, (select count(*) from others o where o.datname = d.datname),
          format('As a superuser: alter database %I connection limit …;', datname)
        from pg_database d where datname = current_database() and datconnlimit >= 0
        union all select 'connection limit of role ' || rolname, rolconnlimit, (select count(*) from others where usename = rolname),
          format('As a superuser: alter role %I connection limit …;', rolname)
        from pg_roles where rolname = current_user and rolconnlimit >= 0)
      select name, most, most - taken as room, remedy from limits
      where most - taken < :needed and (name = 'max_connections' or not (select rolsuper from pg_roles where rolname = current_user))""";

  private final Owner side;
  private final Database database;
  private final List<Finding> findings = new ArrayList<>();

  ServerCheck(Owner side, Database database) {
    this.side = side;
    this.database = database;
  }

  List<Finding> run(String module, List<TableShape> tables) {
    database.jdbi().useHandle(handle -> {
      if (!version(handle)) {
        return;
      }
      walLevel(handle);
      spare(handle, "max_replication_slots", "select count(*) from pg_replication_slots");
      spare(handle, "max_wal_senders", "select count(*) from pg_stat_replication");
      connections(handle);
      idleTimeout(handle);
      encoding(handle);
      unreadableTypes(handle);
      tables.forEach(table -> keyIsFound(handle, table));
      privileges(handle, tables);
    });
    slotOfAnother(module);
    return findings;
  }

  /** Tells whether the rest can be asked for at all. */
  private boolean version(Handle handle) {
    int version = number(handle, "select current_setting('server_version_num')::int");
    if (version < OLDEST) {
      add("PostgreSQL version", Integer.toString(version / 10_000), "15 or later", "Upgrade the server.");
    }
    return version >= OLDEST;
  }

  private void walLevel(Handle handle) {
    String level = text(handle, "select current_setting('wal_level')");
    if (!level.equals("logical")) {
      add("wal_level", level, "logical", "Set wal_level = logical in postgresql.conf and restart the server.");
    }
  }

  private void spare(Handle handle, String setting, String used) {
    int most = number(handle, "select current_setting('" + setting + "')::int");
    int free = most - number(handle, used);
    if (free < 2) {
      add(setting, free + " of " + most + " free", "2 free", "Raise " + setting + " and restart the server.");
    }
  }

  /** What there is no room for is refused, also in the middle of a switch. What the move has already is room. */
  private void connections(Handle handle) {
    handle.createQuery(ROOM).bind("needed", CONNECTIONS).map((row, context) -> {
      int most = row.getInt("most");
      int room = row.getInt("room");
      add(row.getString("name"), "room for %d of %d".formatted(Math.max(0, room), most), "room for %d".formatted(CONNECTIONS),
          row.getString("remedy").replace("…", Integer.toString(most + CONNECTIONS - room)));
      return room;
    }).list();
  }

  /** Nobody reads a slot while rows are copied, nor while the mover stands still. */
  private void idleTimeout(Handle handle) {
    handle.createQuery("select current_setting('idle_replication_slot_timeout', true)").mapTo(String.class).findOne()
        .filter(timeout -> !timeout.isEmpty() && !timeout.equals("0"))
        .ifPresent(timeout -> add("idle_replication_slot_timeout", timeout, "0",
            "The server would take the move's slot away: alter system set idle_replication_slot_timeout = 0; select pg_reload_conf();"));
  }

  /** Slots are a server's, their names the module's: a move of another database's module of this name would be met. */
  private void slotOfAnother(String module) {
    database.jdbi().useHandle(handle -> handle.createQuery("""
            select database from pg_replication_slots where slot_name = ? and database is distinct from current_database()""")
        .bind(0, ObjectNames.slot(module, side)).mapTo(String.class).findOne()
        .ifPresent(other -> add("slot " + ObjectNames.slot(module, side), "belongs to database " + other, "no other database's",
            "Another move of a module '%s' runs on this server. Give one of the two modules another name.".formatted(module))));
  }

  private void encoding(Handle handle) {
    String encoding = text(handle, "select current_setting('server_encoding')");
    if (!encoding.equals("UTF8")) {
      add("encoding", encoding, "UTF8", "Rows are compared byte by byte; move to a database in UTF8.");
    }
  }

  /** The connector reads all types of a database when it starts, and fails on those that pass for enums and have no values of their own. */
  private void unreadableTypes(Handle handle) {
    handle.createQuery("""
            select format('%I.%I', n.nspname, t.typname) from pg_type t join pg_namespace n on n.oid = t.typnamespace
            where t.typcategory = 'E' and not exists (select from pg_enum e where e.enumtypid = t.oid) order by 1""")
        .mapTo(String.class).list().forEach(type -> add("types can be read", type + " is a domain over an enum, or an enum without values",
            "none", "Use the enum itself, or drop the type."));
  }

  /** The applier finds rows by the server's own operators, and not by those that lie in some schema. */
  private void keyIsFound(Handle handle, TableShape table) {
    for (String name : table.key()) {
      String type = table.column(name).map(column -> column.type().sql()).orElse("text");
      try {
        handle.createQuery("select null::%1$s = null::%1$s".formatted(type)).mapTo(Boolean.class).findOne();
      } catch (UnableToExecuteStatementException e) {
        add("key of %s, column %s".formatted(table.name(), name), type, "a type that the server itself can compare",
            "Give the table another key, by replica identity using index, or leave it out of the plan.");
      }
    }
  }

  private void privileges(Handle handle, List<TableShape> tables) {
    String role = database.address().user();
    boolean superuser = truth(handle, "select rolsuper from pg_roles where rolname = current_user");
    if (!superuser && !truth(handle, "select rolreplication from pg_roles where rolname = current_user")) {
      denied("role may replicate", "alter role " + Sql.identifier(role) + " replication;");
    }
    if (!truth(handle, "select has_parameter_privilege('session_replication_role', 'set')")) {
      denied("role may set session_replication_role",
          "grant set on parameter session_replication_role to " + Sql.identifier(role) + ";");
    }
    if (!truth(handle, "select has_database_privilege(current_database(), 'create')")) {
      denied("role may create schema and publication", "grant create on database %s to %s;".formatted(
          Sql.identifier(text(handle, "select current_database()")), Sql.identifier(role)));
    }
    if (!truth(handle, "select pg_has_role(current_user, 'pg_read_all_stats', 'usage')")) {
      denied("role sees who is in the way", "grant pg_read_all_stats to " + Sql.identifier(role) + ";");
    }
    Set<String> owners = new HashSet<>();
    tables.forEach(table -> owners.add(table.owner()));
    for (String owner : owners) {
      if (!handle.createQuery("select pg_has_role(current_user, ?, 'usage')").bind(0, owner).mapTo(Boolean.class).one()) {
        denied("role has the rights of the tables' owner",
            "grant %s to %s;".formatted(Sql.identifier(owner), Sql.identifier(role)));
      }
    }
  }

  private void denied(String condition, String grant) {
    add(condition, "no", "yes", "As a superuser: " + grant);
  }

  private void add(String condition, String measured, String allowed, String remedy) {
    findings.add(new Finding("%s (%s)".formatted(condition, side.word()), measured, allowed, remedy));
  }

  private static int number(Handle handle, String query) {
    return handle.createQuery(query).mapTo(Integer.class).one();
  }

  private static String text(Handle handle, String query) {
    return handle.createQuery(query).mapTo(String.class).one();
  }

  private static boolean truth(Handle handle, String query) {
    return handle.createQuery(query).mapTo(Boolean.class).findOne().orElse(false);
  }
}
