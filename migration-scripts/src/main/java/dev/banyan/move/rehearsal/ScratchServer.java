package dev.banyan.move.rehearsal;

import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Finding;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * The server that a rehearsal's copies are made on. Of the database that it is reached by, nothing is read or written:
 * through it databases are created and dropped, and no statement leaves from here that is about anything else.
 */
final class ScratchServer implements AutoCloseable {

  /** What one rehearsal needs at most, and what a real move on this server must still find. */
  private static final int FREE = 6;
  private static final int OLDEST = 150_000;
  private static final String ENDED_WITHIN_MILLIS = "5000";

  private final Database entrance;

  ScratchServer(DatabaseAddress entrance) {
    this.entrance = new Database(entrance);
  }

  /** Returns what this server lacks for a rehearsal. */
  List<Finding> lacking() {
    List<Finding> findings = new ArrayList<>();
    entrance.jdbi().useHandle(handle -> {
      version(handle, findings);
      if (!text(handle, "select current_setting('wal_level')").equals("logical")) {
        findings.add(new Finding("wal_level of " + entrance, text(handle, "select current_setting('wal_level')"), "logical",
            "Set it and restart that server, or rehearse on another one with --server."));
      }
      if (!truth(handle, "select rolcreatedb or rolsuper from pg_roles where rolname = current_user")) {
        findings.add(new Finding("role may create databases on " + entrance, "no", "yes",
            "As a superuser: alter role %s createdb; or rehearse on another server with --server."
                .formatted(Sql.identifier(entrance.address().user()))));
      }
      free(handle, findings, "max_replication_slots", "select count(*) from pg_replication_slots");
      free(handle, findings, "max_wal_senders", "select count(*) from pg_stat_replication");
    });
    return findings;
  }

  private void version(Handle handle, List<Finding> findings) {
    int version = number(handle, "select current_setting('server_version_num')::int");
    if (version < OLDEST) {
      findings.add(new Finding("PostgreSQL version of " + entrance, Integer.toString(version / 10_000), "15 or later",
          "Rehearse on another server with --server."));
    }
  }

  private void free(Handle handle, List<Finding> findings, String setting, String used) {
    int most = number(handle, "select current_setting('" + setting + "')::int");
    int free = most - number(handle, used);
    if (free < FREE) {
      findings.add(new Finding("%s of %s".formatted(setting, entrance), "%d of %d free".formatted(free, most),
          FREE + " free: 4 for both directions of the rehearsal, 2 for real moves",
          "Raise it and restart that server, or rehearse on another one with --server."));
    }
  }

  /** Returns the server's version as people name it. */
  String version() {
    return entrance.jdbi().withHandle(handle -> text(handle, "select split_part(current_setting('server_version'), ' ', 1)"));
  }

  /** Creates an empty database. From a template that nobody can be connected to, so that nothing else comes along. */
  void create(String database) {
    entrance.jdbi().useHandle(handle -> handle.execute(
        "create database %s template template0 encoding 'UTF8'".formatted(Sql.identifier(database))));
  }

  /** Returns the address of a database on this server. */
  DatabaseAddress address(String database) {
    DatabaseAddress known = entrance.address();
    return new DatabaseAddress(withDatabase(known.url(), database), known.user(), known.password());
  }

  /** Returns a JDBC URL with another database in it. */
  static String withDatabase(String url, String database) {
    Matcher parts = Pattern.compile("(jdbc:postgresql://[^/?]*)(/[^?]*)?(\\?.*)?").matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("The URL of the server must name its host: jdbc:postgresql://host:port/database");
    }
    return parts.group(1) + "/" + database + (parts.group(3) == null ? "" : parts.group(3));
  }

  /** Returns the databases that rehearsals of a module have on this server, by rehearsal. */
  List<ScratchName> rehearsals(String module) {
    Pattern names = ScratchName.databasesOf(module);
    return entrance.jdbi().withHandle(handle -> handle.createQuery("select datname from pg_database order by 1").mapTo(String.class).list())
        .stream().map(names::matcher).filter(Matcher::matches).map(found -> ScratchName.of(module, found)).distinct().toList();
  }

  /** Returns which databases of a rehearsal are here. */
  List<String> databases(ScratchName name) {
    return entrance.jdbi().withHandle(handle -> handle.createQuery("select datname from pg_database where datname in (?, ?) order by 1")
        .bind(0, name.database(Owner.MONOLITH)).bind(1, name.database(Owner.SERVICE)).mapTo(String.class).list());
  }

  /** Drops what a rehearsal has here, its slots first; whoever is connected is ended. Does nothing where it has nothing. */
  void drop(ScratchName name) {
    for (Owner side : Owner.values()) {
      drop(name.database(side));
    }
  }

  private void drop(String database) {
    entrance.jdbi().useHandle(handle -> {
      handle.createQuery("""
              select pg_terminate_backend(active_pid, %s) from pg_replication_slots
              where database = ? and active_pid is not null""".formatted(ENDED_WITHIN_MILLIS))
          .bind(0, database).mapTo(Boolean.class).list();
      // The slots that nobody reads any more go with their database.
      handle.execute("drop database if exists %s with (force)".formatted(Sql.identifier(database)));
    });
  }

  /** Returns the access that the lock of a rehearsal is taken by. */
  Database entrance() {
    return entrance;
  }

  private static String text(Handle handle, String query) {
    return handle.createQuery(query).mapTo(String.class).one();
  }

  private static int number(Handle handle, String query) {
    return handle.createQuery(query).mapTo(Integer.class).one();
  }

  private static boolean truth(Handle handle, String query) {
    return handle.createQuery(query).mapTo(Boolean.class).one();
  }

  @Override
  public void close() {
    entrance.close();
  }

  @Override
  public String toString() {
    return entrance.toString();
  }
}
