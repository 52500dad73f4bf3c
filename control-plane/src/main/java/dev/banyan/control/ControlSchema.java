package dev.banyan.control;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Installs schema {@code banyan}: the control tables in the monolith's database, the side tables in both. */
public final class ControlSchema {

  /** The schema that holds all of Banyan's tables. */
  public static final String NAME = "banyan";

  private ControlSchema() {}

  /** Installs or upgrades the control tables; they live in the monolith's database alone. */
  public static void installPlane(DataSource monolith) {
    migrate(monolith, "plane");
  }

  /** Installs or upgrades what each of the two databases keeps for itself. */
  public static void installSide(DataSource database) {
    migrate(database, "side");
  }

  private static void migrate(DataSource database, String part) {
    Flyway.configure(ControlSchema.class.getClassLoader())
        .dataSource(database)
        .locations("classpath:dev/banyan/control/" + part)
        .schemas(NAME)
        .table("flyway_" + part)
        // The two parts share the schema, so whichever comes second finds it filled.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }
}
