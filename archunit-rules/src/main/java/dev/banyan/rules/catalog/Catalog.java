package dev.banyan.rules.catalog;

import dev.banyan.rules.sql.SqlReader;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks a PostgreSQL database which of its objects reach which tables. It changes nothing. */
public final class Catalog {

  private final Connection connection;
  private final List<Reach> reaches = new ArrayList<>();

  private Catalog(Connection connection) {
    this.connection = connection;
  }

  /**
   * Reads the whole catalog of a database, in the order of objects' names.
   *
   * @throws SQLException if the database does not answer, or is no PostgreSQL
   */
  public static List<Reach> of(Connection connection) throws SQLException {
    var catalog = new Catalog(connection);
    for (CatalogQuery query : CatalogQuery.values()) {
      catalog.ask(query);
    }
    catalog.functions();
    return List.copyOf(catalog.reaches);
  }

  private void ask(CatalogQuery query) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query.sql())) {
      while (rows.next()) {
        boolean role = rows.getString(2).isEmpty();
        Optional<TableName> holder = role ? Optional.empty() : Optional.of(TableName.of(rows.getString(2), rows.getString(3)));
        reaches.add(new Reach(rows.getString(1), holder, role ? Optional.of(rows.getString(3)) : Optional.empty(),
            TableName.of(rows.getString(4), rows.getString(5)), query.access(), rows.getString(6)));
      }
    }
  }

  private void functions() throws SQLException {
    Set<TableName> known = relations();
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(CatalogQuery.FUNCTIONS)) {
      while (rows.next()) {
        TableName holder = TableName.of(rows.getString(2), rows.getString(3));
        for (TableUse use : SqlReader.readScript(rows.getString(4))) {
          TableName table = inPath(use.table(), schemaOf(rows.getString(5), rows.getString(2)));
          if (known.contains(table)) {
            reaches.add(new Reach(rows.getString(1), Optional.of(holder), Optional.empty(), table, use.access(), "its body"));
          }
        }
      }
    }
  }

  /** What a body names and the database does not have is a variable, or a table made at run time. */
  private Set<TableName> relations() throws SQLException {
    Set<TableName> relations = new LinkedHashSet<>();
    String sql = "select s.nspname, c.relname from pg_class c join pg_namespace s on s.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')";
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        relations.add(TableName.of(rows.getString(1), rows.getString(2)));
      }
    }
    return relations;
  }

  /** A function's own search path, or else its schema. */
  private static String schemaOf(@Nullable String settings, String schema) {
    String path = settings == null ? "" : settings.replaceAll("(?s)^(?:.*;)?search_path=([^;,]*).*$", "$1");
    return settings == null || path.equals(settings) || path.isBlank() ? schema : path.replace("\"", "").strip();
  }

  private static TableName inPath(TableName name, String schema) {
    return name.schema().isPresent() ? name : TableName.of(schema, name.table());
  }
}
