package dev.banyan.rules;

import dev.banyan.rules.migration.Script;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the migrations of each module, Flyway's SQL or Liquibase's changelogs, stay inside its schema. A migration
 * belongs to the module whose name its folder has, or the nearest folder above, as Spring Modulith lays them out:
 * {@code db/migration/orders/V1__tables.sql}. In a folder for all modules each statement belongs to the module whose table it
 * changes.
 *
 * <p>As a rule it stands beside the others, {@code @ArchTest static final ArchRule migrations = …}; {@link #check()} asserts
 * where there is no ArchUnit test.
 */
public final class MigrationCheck extends FindingsRule {

  private final SchemaOwnership ownership;
  private final List<Path> folders;
  private @Nullable Judge judge;

  private MigrationCheck(SchemaOwnership ownership, List<Path> folders) {
    super("migrations should touch only the schema of their module");
    this.ownership = ownership;
    this.folders = folders;
  }

  static MigrationCheck of(SchemaOwnership ownership, Path... folders) {
    return new MigrationCheck(ownership, List.of(folders));
  }

  /** Returns where a migration touches what another module owns. */
  @Override
  public List<Finding> violations() {
    return List.copyOf(judge().violations());
  }

  /** Returns the statements whose tables are known only at run time. */
  public List<Unknown> unknown() {
    return List.copyOf(judge().unknown());
  }

  private Judge judge() {
    if (judge == null) {
      Judge made = new Judge(ownership, false);
      MigrationScan scan = new MigrationScan(made, script -> "migration " + script.name(), LoadedScripts.none());
      List<Script> scripts = Script.below(folders.toArray(Path[]::new));
      scan.prepare(scripts);
      scripts.forEach(scan::run);
      judge = made;
    }
    return judge;
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
