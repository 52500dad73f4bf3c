package shop.sql;

import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The numbers that the database server gives its transactions. They are the server's own: one that takes its place begins
 * with others. On H2, whose transactions tell no numbers, any will do.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT">PostgreSQL, transaction IDs</a>
 */
@Component
public class TransactionNumbers {

  private final JdbcClient jdbc;
  private final boolean numbered;

  TransactionNumbers(JdbcOperations operations, JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.numbered = Vendor.isPostgres(operations);
  }

  /** Tells whether the server has come past a number. */
  public boolean areBeyond(long number) {
    return !numbered || jdbc.sql("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint > :number").param("number", number)
        .query(Boolean.class).single();
  }
}
