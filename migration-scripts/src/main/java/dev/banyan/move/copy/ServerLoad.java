package dev.banyan.move.copy;

import dev.banyan.move.database.Database;

/**
 * How loaded a server is: the number of sessions that are at work on it at one moment, in whichever database, those of
 * movers aside. The same measure as {@code Threads_running}, by which gh-ost and pt-online-schema-change throttle.
 *
 * <p>Source: <a href="https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW">PostgreSQL,
 * pg_stat_activity</a>. Without {@code pg_read_all_stats} only the role's own sessions are seen.
 */
public final class ServerLoad {

  private static final String ACTIVE = """
      select count(*)::int from pg_stat_activity
      where state = 'active' and backend_type = 'client backend' and pid <> pg_backend_pid()
        and split_part(application_name, ':', 1) is distinct from 'banyan'""";

  private ServerLoad() {}

  /** Returns how many sessions of others are active now. */
  public static int active(Database server) {
    return server.jdbi().withHandle(handle -> handle.createQuery(ACTIVE).mapTo(Integer.class).one());
  }
}
