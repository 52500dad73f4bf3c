package dev.banyan.control;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

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
    createSchema(database);
    Flyway.configure(ControlSchema.class.getClassLoader())
        .dataSource(database)
        .locations("classpath:dev/banyan/control/" + part)
        .schemas(NAME)
        .createSchemas(false)
        .table("flyway_" + part)
        // The two parts share the schema, so whichever comes second finds it filled.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }

  /**
   * Applications ask for the owner while this happens. In one transaction, so that they find either no schema or one
   * that they may look into.
   */
  private static void createSchema(DataSource database) {
    Jdbi.create(database).useTransaction(handle -> {
      // Two that install at once would both find it missing.
      handle.execute("select pg_advisory_xact_lock(hashtextextended('banyan schema', 0))");
      handle.execute("create schema if not exists " + NAME);
      if (handle.createQuery("select not has_schema_privilege('public', ?, 'usage')").bind(0, NAME).mapTo(Boolean.class).one()) {
        handle.execute("grant usage on schema " + NAME + " to public");
      }
    });
  }
}
