package dev.banyan.rules.catalog;

import dev.banyan.rules.sql.SqlReader;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks a PostgreSQL database, or an H2 one, which of its objects reach which tables. It changes nothing. */
public final class Catalog {

  private final Connection connection;
  private final List<Reach> reaches = new ArrayList<>();

  private Catalog(Connection connection) {
    this.connection = connection;
  }

  /**
   * Reads the whole catalog of a database, in the order of objects' names.
   *
   * @throws SQLException if the database does not answer, or is neither PostgreSQL nor H2
   */
  public static List<Reach> of(Connection connection) throws SQLException {
    if ("H2".equals(connection.getMetaData().getDatabaseProductName())) {
      return H2Catalog.of(connection);
    }
    var catalog = new Catalog(connection);
    for (CatalogQuery query : CatalogQuery.values()) {
      catalog.ask(query);
    }
    catalog.functions();
    return List.copyOf(catalog.reaches);
  }

  /**
   * Returns the tables of a database, those of the server itself left out.
   *
   * @throws SQLException if the database does not answer
   */
  public static List<TableName> tables(Connection connection) throws SQLException {
    List<TableName> tables = new ArrayList<>();
    try (ResultSet rows = connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE", "BASE TABLE", "PARTITIONED TABLE"})) {
      while (rows.next()) {
        TableName table = TableName.of(rows.getString("TABLE_SCHEM"), rows.getString("TABLE_NAME"));
        if (!table.schema().orElse("").matches("pg_catalog|information_schema")) {
          tables.add(table);
        }
      }
    }
    return tables;
  }

  private void ask(CatalogQuery query) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query.sql())) {
      while (rows.next()) {
        reaches.add(Reach.of(rows, rows.getString(1), query.kind(), query.access()));
      }
    }
  }

  private void functions() throws SQLException {
    Set<TableName> known = names();
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(CatalogQuery.FUNCTIONS)) {
      while (rows.next()) {
        TableName holder = TableName.of(rows.getString(2), rows.getString(3));
        for (TableUse use : SqlReader.readScript(rows.getString(4))) {
          TableName table = inPath(use.table(), schemas(rows.getString(5), rows.getString(2)), known);
          if (known.contains(table) || table.table().contains(TableName.HOLE) || table.isUnknown()) {
            reaches.add(new Reach(rows.getString(1), Optional.of(holder), Optional.empty(), table, use.access(), "its body"));
          }
        }
      }
    }
  }

  /** What a body names and the database does not have is a variable, or a table made at run time. */
  private Set<TableName> names() throws SQLException {
    Set<TableName> names = new LinkedHashSet<>();
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(CatalogQuery.NAMES)) {
      while (rows.next()) {
        names.add(TableName.of(rows.getString(1), rows.getString(2)).as(TableName.Kind.valueOf(rows.getString(3))));
      }
    }
    return names;
  }

  /** A function's own search path, or else its schema. */
  private static List<String> schemas(@Nullable String settings, String schema) {
    String path = settings == null ? "" : settings.replaceAll("(?s)^(?:.*;)?search_path=([^;]*).*$", "$1");
    boolean set = settings != null && !path.equals(settings) && !path.isBlank();
    return set ? Arrays.stream(path.split(",")).map(each -> each.replace("\"", "").strip()).toList() : List.of(schema);
  }

  /** A bare name means the first schema of the path that has such a table. */
  private static TableName inPath(TableName name, List<String> schemas, Set<TableName> known) {
    return name.schema().isPresent() ? name : schemas.stream().map(name::in).filter(known::contains)
        .findFirst().orElse(name);
  }
}
