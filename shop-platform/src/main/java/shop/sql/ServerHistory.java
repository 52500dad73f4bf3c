package shop.sql;

import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/**
 * What a database's server says of its own past, as SQL. Numbers of transactions mean something on one course of history
 * only: another server gives the same numbers to others, and so does one that was set back, or took over from a primary
 * that had come further. H2, whose transactions tell no numbers, has one course for each database.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT">PostgreSQL, transaction IDs</a>
 * @see <a href="https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-TIMELINES">PostgreSQL, timelines</a>
 */
@Component
public class ServerHistory {

  private final boolean numbered;

  ServerHistory(JdbcOperations operations) {
    this.numbered = Vendor.isPostgres(operations);
  }

  /** Returns an expression that names the course: the server, which has its number for life, and its timeline. */
  public String name() {
    return numbered
        ? "(select system_identifier::text from pg_control_system()) || '-' || left(pg_walfile_name(pg_current_wal_lsn()), 8)" : "'h2'";
  }

  /** Returns a condition: the server's transactions have come past a number, which is a parameter with this name. */
  public String isBeyond(String number) {
    return numbered ? "pg_snapshot_xmax(pg_current_snapshot())::text::bigint > :" + number : ":%s >= 0".formatted(number);
  }
}
