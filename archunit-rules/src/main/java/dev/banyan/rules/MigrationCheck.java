package dev.banyan.rules;

import dev.banyan.rules.migration.Script;
import dev.banyan.rules.sql.SqlReader;
import dev.banyan.rules.sql.Statements;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the SQL migrations of each module stay inside its schema. A script belongs to the module whose name its folder
 * has, or the nearest folder above, as Spring Modulith lays them out: {@code db/migration/orders/V1__tables.sql}.
 */
public final class MigrationCheck {

  private static final String DEFAULT_SCHEMA = "\\$\\{flyway:defaultSchema}";

  private final SchemaOwnership ownership;
  private final List<Finding> violations = new ArrayList<>();

  private MigrationCheck(SchemaOwnership ownership) {
    this.ownership = ownership;
  }

  static MigrationCheck of(SchemaOwnership ownership, Path... folders) {
    var check = new MigrationCheck(ownership);
    Script.below(folders).forEach(check::scan);
    return check;
  }

  /** Returns where a migration touches what another module owns. */
  public List<Finding> violations() {
    return List.copyOf(violations);
  }

  /**
   * Passes if there is no violation.
   *
   * @throws AssertionError otherwise, with a line for each
   */
  public void check() {
    if (!violations.isEmpty()) {
      throw new AssertionError("%d statements of migrations touch another module's schema:%n%s".formatted(violations.size(),
          String.join(System.lineSeparator(), violations.stream().map(Finding::message).toList())));
    }
  }

  private void scan(Script script) {
    Optional<String> module = ownership.moduleOfFolders(script.folders());
    Optional<String> home = module.flatMap(ownership::homeOf);
    for (Statements.Statement statement : script.statements()) {
      String sql = withPlaceholders(module, statement.sql());
      home = next(home, sql);
      for (TableUse use : SqlReader.readScript(sql)) {
        judge(module, script, statement, inHome(home, use));
      }
    }
  }

  private String withPlaceholders(Optional<String> module, String sql) {
    String home = module.flatMap(ownership::homeOf).orElse(TableName.HOLE);
    return sql.replaceAll(DEFAULT_SCHEMA, home).replaceAll("\\$\\{[^}]*}", TableName.HOLE);
  }

  private void judge(Optional<String> module, Script script, Statements.Statement statement, TableUse use) {
    int line = statement.line() + use.line() - 1;
    String name = String.valueOf(script.file().getFileName());
    ownership.foreign(module, use).ifPresent(foreign -> violations.add(new Finding(module, foreign.owner(),
        foreign.table().toString(), use.access(), Finding.Kind.MIGRATION, "migration " + name, name + ":" + line, line,
        Texts.shown(statement.sql()))));
  }

  private static Optional<String> next(Optional<String> home, String sql) {
    Optional<String> set = SqlReader.searchPathOf(sql);
    return set.isPresent() ? set : home;
  }

  /** Flyway runs a module's scripts in its own schema: a name without one means a table there, until a script says otherwise. */
  private static TableUse inHome(Optional<String> home, TableUse use) {
    return use.table().schema().isPresent() || home.isEmpty() ? use
        : new TableUse(TableName.of(home.get(), use.table().table()), use.access(), use.line());
  }
}
