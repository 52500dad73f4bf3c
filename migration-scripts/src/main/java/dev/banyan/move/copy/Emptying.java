package dev.banyan.move.copy;

import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Collection;
import java.util.stream.Collectors;

/** Empties tables in the caller's transaction. */
public final class Emptying {

  private static final String FEATURE_NOT_SUPPORTED = "0A000";

  private Emptying() {}

  /**
   * Empties the tables, also those that a foreign key of another table refers to. Rows of these are deleted, which needs
   * their keys where they are published.
   */
  public static void of(Connection connection, Collection<TableName> tables) throws SQLException {
    of(connection, tables, true);
  }

  /** Empties the tables; answers false, with nothing done, where rows would have to be deleted and may not be. */
  public static boolean of(Connection connection, Collection<TableName> tables, boolean mayDelete) throws SQLException {
    boolean truncated = truncate(connection, tables);
    if (!truncated && mayDelete) {
      delete(connection, tables);
    }
    return truncated || mayDelete;
  }

  private static boolean truncate(Connection connection, Collection<TableName> tables) throws SQLException {
    if (tables.isEmpty()) {
      return true;
    }
    Savepoint before = connection.setSavepoint();
    try (var statement = connection.createStatement()) {
      statement.execute("truncate " + tables.stream().map(TableName::sql).collect(Collectors.joining(", ")));
      connection.releaseSavepoint(before);
      return true;
    } catch (SQLException e) {
      if (!FEATURE_NOT_SUPPORTED.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(before);
      return false;
    }
  }

  private static void delete(Connection connection, Collection<TableName> tables) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (TableName table : tables) {
        statement.execute("delete from " + table.sql());
      }
    }
  }
}
