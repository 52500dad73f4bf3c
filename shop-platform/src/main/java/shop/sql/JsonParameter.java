package shop.sql;

import java.sql.Connection;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** How a JSON text is written as a parameter: of statements, the one place where H2 and PostgreSQL have to differ. */
@Component
public class JsonParameter {

  private final String form;

  JsonParameter(JdbcOperations jdbc) {
    String product = jdbc.execute((Connection c) -> c.getMetaData().getDatabaseProductName());
    this.form = DatabaseDriver.fromProductName(product) == DatabaseDriver.H2 ? ":%s format json" : "cast(:%s as jsonb)";
  }

  /** Returns the SQL of a named parameter that holds a JSON text. */
  public String named(String name) {
    return form.formatted(name);
  }
}
