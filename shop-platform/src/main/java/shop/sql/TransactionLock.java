package shop.sql;

import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * A lock that has a name and ends with the transaction. Who waits for it has no transaction number yet, unlike who waits
 * for a row; so the transactions that take it are numbered in the order in which they have it. On H2, whose transactions
 * tell no numbers, it does nothing.
 *
 * @see <a href="https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS">PostgreSQL, advisory locks</a>
 */
@Component
public class TransactionLock {

  private final JdbcClient jdbc;
  private final boolean numbered;

  TransactionLock(JdbcOperations operations, JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.numbered = Vendor.isPostgres(operations);
  }

  /** Takes the lock of this name, and waits for whoever has it. */
  public void take(String name) {
    if (numbered) {
      jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:name, 0))::text").param("name", name).query(String.class).single();
    }
  }
}
