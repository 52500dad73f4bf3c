package dev.banyan.rules;

import dev.banyan.rules.migration.Script;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether the migrations of each module, Flyway's SQL or Liquibase's changelogs, stay inside its schema. A migration
 * belongs to the module whose name its folder has, or the nearest folder above, as Spring Modulith lays them out:
 * {@code db/migration/orders/V1__tables.sql}. In a folder for all modules each statement belongs to the module whose table it
 * changes.
 */
public final class MigrationCheck {

  private final Judge judge;

  private MigrationCheck(Judge judge) {
    this.judge = judge;
  }

  static MigrationCheck of(SchemaOwnership ownership, Path... folders) {
    Judge judge = new Judge(ownership, false);
    MigrationScan scan = new MigrationScan(judge, script -> "migration " + script.name(), LoadedScripts.none());
    List<Script> scripts = Script.below(folders);
    scripts.forEach(scan::announce);
    scripts.forEach(scan::run);
    return new MigrationCheck(judge);
  }

  /** Returns where a migration touches what another module owns. */
  public List<Finding> violations() {
    return List.copyOf(judge.violations());
  }

  /** Returns the statements whose tables are known only at run time. */
  public List<Unknown> unknown() {
    return List.copyOf(judge.unknown());
  }

  /**
   * Passes if there is no violation.
   *
   * @throws AssertionError otherwise, with a line for each
   */
  public void check() {
    Finding.requireNone(violations(), "statements of migrations touch another module's schema");
  }
}
