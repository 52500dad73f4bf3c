package dev.banyan.move.copy;

import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Collection;
import java.util.stream.Collectors;

/** Empties tables in the caller's transaction, also those that a foreign key of another table refers to. */
public final class Emptying {

  private static final String FEATURE_NOT_SUPPORTED = "0A000";

  private Emptying() {}

  /** Empties the tables. */
  public static void of(Connection connection, Collection<TableName> tables) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try (var statement = connection.createStatement()) {
      statement.execute("truncate " + tables.stream().map(TableName::sql).collect(Collectors.joining(", ")));
    } catch (SQLException e) {
      if (!FEATURE_NOT_SUPPORTED.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(before);
      delete(connection, tables);
    }
    connection.releaseSavepoint(before);
  }

  private static void delete(Connection connection, Collection<TableName> tables) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (TableName table : tables) {
        statement.execute("delete from " + table.sql());
      }
    }
  }
}
