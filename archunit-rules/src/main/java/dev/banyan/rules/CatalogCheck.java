package dev.banyan.rules;

import dev.banyan.rules.catalog.Catalog;
import dev.banyan.rules.catalog.Reach;
import dev.banyan.rules.sql.TableUse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Whether foreign keys, views, functions, triggers, sequences, policies and grants of a PostgreSQL or H2 database stay inside
 * the modules that own them. A grant belongs to the module whose name its role has, alone or before an underscore.
 */
public final class CatalogCheck {

  private final SchemaOwnership ownership;
  private final List<Finding> violations = new ArrayList<>();

  private CatalogCheck(SchemaOwnership ownership) {
    this.ownership = ownership;
  }

  static CatalogCheck of(SchemaOwnership ownership, DataSource database) {
    try (Connection connection = database.getConnection()) {
      var check = new CatalogCheck(ownership);
      Catalog.of(connection).forEach(check::judge);
      return check;
    } catch (SQLException e) {
      throw new IllegalStateException("The database's catalog cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns where an object of the database reaches what another module owns. */
  public List<Finding> violations() {
    return List.copyOf(violations);
  }

  /**
   * Passes if there is no violation.
   *
   * @throws AssertionError otherwise, with a line for each
   */
  public void check() {
    Finding.requireNone(violations, "objects of the database reach another module's tables");
  }

  /** What belongs to no module (an extension, an administrator's role) is none's business. */
  private void judge(Reach reach) {
    Optional<String> module = moduleOf(reach);
    if (module.isPresent()) {
      ownership.foreign(module, new TableUse(reach.table(), reach.access(), 1))
          .ifPresent(foreign -> violations.add(new Finding(module, foreign.owner(), foreign.table().toString(), reach.access(),
              Finding.Kind.CATALOG, reach.object(), "", 0, Texts.shortened(reach.detail()))));
    }
  }

  private Optional<String> moduleOf(Reach reach) {
    Optional<String> byHolder = reach.holder().flatMap(holder -> ownership.ownerOf(holder.schema().orElse(""), holder.table()));
    return byHolder.or(() -> reach.role().flatMap(ownership::moduleOfRole));
  }
}
