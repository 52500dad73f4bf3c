package shop.sql;

import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** How a JSON text is written as a parameter: of statements, the one place where H2 and PostgreSQL have to differ. */
@Component
public class JsonParameter {

  private final String form;

  JsonParameter(JdbcOperations jdbc) {
    this.form = Vendor.isPostgres(jdbc) ? "cast(:%s as jsonb)" : ":%s format json";
  }

  /** Returns the SQL of a named parameter that holds a JSON text. */
  public String named(String name) {
    return form.formatted(name);
  }
}
