package dev.banyan.rules.catalog;

import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.SqlReader;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks an H2 database, version 2, which of its objects reach which tables. A trigger or function of H2's is Java, which is read
 * with the classes.
 */
final class H2Catalog {

  private static final String FOREIGN_KEYS = """
      select 'foreign key ' || f.constraint_name || ' of ' || f.table_schema || '.' || f.table_name, f.table_schema, f.table_name,
             t.table_schema, t.table_name, 'its definition'
        from information_schema.referential_constraints r
        join information_schema.table_constraints f on f.constraint_schema = r.constraint_schema and f.constraint_name = r.constraint_name
        join information_schema.table_constraints t
          on t.constraint_schema = r.unique_constraint_schema and t.constraint_name = r.unique_constraint_name
       order by 1""";
  private static final String GRANTS = """
      select 'grants to role ' || grantee, '', lower(grantee), table_schema, table_name, rights
        from information_schema.rights where table_name is not null order by 1, 4, 5""";
  private static final String VIEWS = """
      select 'view ' || table_schema || '.' || table_name, table_schema, table_name, view_definition
        from information_schema.views where table_schema <> 'INFORMATION_SCHEMA' order by 1""";
  private static final String DEFAULTS = """
      select 'default of ' || table_schema || '.' || table_name || '.' || column_name, table_schema, table_name, column_default
        from information_schema.columns where upper(column_default) like '%NEXT VALUE FOR%' order by 1""";

  private final Connection connection;
  private final List<Reach> reaches = new ArrayList<>();

  private H2Catalog(Connection connection) {
    this.connection = connection;
  }

  static List<Reach> of(Connection connection) throws SQLException {
    var catalog = new H2Catalog(connection);
    catalog.named(FOREIGN_KEYS);
    catalog.written(VIEWS);
    catalog.written(DEFAULTS);
    catalog.named(GRANTS);
    return List.copyOf(catalog.reaches);
  }

  private void named(String query) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        reaches.add(Reach.of(rows, shown(rows), TableName.Kind.TABLE, Access.REFERENCE));
      }
    }
  }

  /** What a definition says is read as SQL; H2 writes every name with its schema. */
  private void written(String query) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        TableName holder = TableName.of(rows.getString(2), rows.getString(3));
        for (TableUse use : SqlReader.readScript(rows.getString(4))) {
          if (use.table().schema().isPresent()) {
            reaches.add(new Reach(shown(rows), Optional.of(holder), Optional.empty(), use.table(), use.access(), "its definition"));
          }
        }
      }
    }
  }

  private static String shown(ResultSet rows) throws SQLException {
    return rows.getString(1).toLowerCase(Locale.ROOT);
  }
}
