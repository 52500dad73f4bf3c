package dev.banyan.move.database;

import java.time.Duration;
import java.util.List;

/** Who keeps a slot from being made: transactions that have written on the server, in whichever database, and not ended. */
public final class OpenTransactions {

  private static final String QUERY = """
      select format('process %s (%s, %s), open for %s s', pid, coalesce(usename, backend_type),
        coalesce(nullif(application_name, ''), '-'), round(extract(epoch from clock_timestamp() - xact_start)::numeric, 1))
      from pg_stat_activity
      where backend_xid is not null and pid <> pg_backend_pid() and xact_start < clock_timestamp() - :millis * interval '1 ms'
      order by xact_start limit 5""";

  private OpenTransactions() {}

  /** Lists those that have been open for at least so long, the oldest first, five at most. */
  public static List<String> openFor(Database database, Duration atLeast) {
    return database.jdbi().withHandle(handle ->
        handle.createQuery(QUERY).bind("millis", atLeast.toMillis()).mapTo(String.class).list());
  }
}
