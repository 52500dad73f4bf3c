package dev.banyan.rules;

import dev.banyan.rules.catalog.Catalog;
import dev.banyan.rules.catalog.Reach;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Whether foreign keys, views, functions, triggers, sequences, policies and grants of a PostgreSQL or H2 database stay inside
 * the modules that own them. A grant belongs to the module whose name its role has, alone or before an underscore; one to PUBLIC
 * is everybody's.
 *
 * <p>As a rule it stands beside the others, {@code @ArchTest static final ArchRule database = …}; {@link #check()} asserts where
 * there is no ArchUnit test. The database is asked once, when the first of these is called.
 */
public final class CatalogCheck extends FindingsRule {

  private static final String PUT_IN = "a table's name in a statement that it executes is put in at run time";

  private final SchemaOwnership ownership;
  private final DataSource database;
  private @Nullable List<Finding> violations;
  private List<Unknown> unknown = List.of();

  private CatalogCheck(SchemaOwnership ownership, DataSource database) {
    super("objects of the database should touch only the schema of their module");
    this.ownership = ownership;
    this.database = database;
  }

  static CatalogCheck of(SchemaOwnership ownership, DataSource database) {
    return new CatalogCheck(ownership, database);
  }

  /**
   * Returns where an object of the database reaches what another module owns.
   *
   * @throws IllegalStateException if the catalog cannot be read
   */
  @Override
  public List<Finding> violations() {
    List<Finding> found = violations == null ? read() : violations;
    violations = found;
    return found;
  }

  /** Returns the functions that execute statements whose tables are put in at run time. */
  List<Unknown> unknown() {
    violations();
    return unknown;
  }

  private List<Finding> read() {
    try (Connection connection = database.getConnection()) {
      List<Reach> reaches = Catalog.of(connection);
      unknown = reaches.stream().filter(this::isUnknown).map(reach -> new Unknown(moduleOf(reach), reach.object(), 0, reach.detail(), PUT_IN))
          .distinct().toList();
      List<Finding> found = new ArrayList<>();
      reaches.stream().filter(reach -> !isUnknown(reach)).forEach(reach -> judge(reach).ifPresent(found::add));
      return List.copyOf(found);
    } catch (SQLException e) {
      throw new IllegalStateException("The database's catalog cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Passes if there is no violation.
   *
   * @throws AssertionError otherwise, with a line for each
   */
  public void check() {
    Finding.requireNone(violations(), "objects of the database reach another module's tables");
  }

  /** A schema that as a whole belongs to one tells whose its table is, whatever that is called. */
  private boolean isUnknown(Reach reach) {
    return reach.table().isUnknown() || reach.table().table().contains(TableName.HOLE) && !ownership.isOwned(Optional.empty(), reach.table());
  }

  /** What belongs to no module (an extension, an administrator's role) is none's business; what everybody may do is. */
  private Optional<Finding> judge(Reach reach) {
    Optional<String> module = moduleOf(reach);
    return module.isEmpty() && !reach.isEverybodys() ? Optional.empty()
        : ownership.foreign(module, new TableUse(reach.table(), reach.access(), 1)).map(foreign -> new Finding(module, foreign.owner(),
            foreign.table(), reach.access(), Finding.Kind.CATALOG, reach.object(), "", 0, Texts.shortened(reach.detail())));
  }

  private Optional<String> moduleOf(Reach reach) {
    if (reach.isEverybodys()) {
      return Optional.empty();
    }
    Optional<String> byHolder = reach.holder().flatMap(holder -> ownership.ownerOf(holder.schema().orElse(""), holder.table()));
    return byHolder.or(() -> reach.role().flatMap(ownership::moduleOfRole));
  }
}
