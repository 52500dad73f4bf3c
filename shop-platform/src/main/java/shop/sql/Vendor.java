package shop.sql;

import java.sql.Connection;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.jdbc.core.JdbcOperations;

/** Whose database this is. */
final class Vendor {

  private Vendor() {}

  static boolean isPostgres(JdbcOperations jdbc) {
    String product = jdbc.execute((Connection c) -> c.getMetaData().getDatabaseProductName());
    return DatabaseDriver.fromProductName(product) == DatabaseDriver.POSTGRESQL;
  }
}
