package dev.banyan.move.copy;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The planner's statistics of tables that were just filled. A small sample is enough for the applier's first statements,
 * which would read whole tables without any; the service's own queries deserve what the server usually gathers.
 */
public final class Statistics {

  private final Database service;
  private final List<TableName> tables;
  private final Connections connections = new Connections();

  /** Creates the gathering for some tables of the service. */
  public Statistics(Database service, List<TableName> tables) {
    this.service = service;
    this.tables = tables;
  }

  /** Gathers what the server would. */
  public void gather() throws SQLException, InterruptedException {
    try (Connection connection = connections.opened(service.connect())) {
      for (TableName table : tables) {
        analyze(connection, table);
      }
    }
  }

  /** Breaks it off; called by another thread. */
  public void abort() {
    connections.abort();
  }

  /** Gathers a few, in the caller's transaction. */
  static void sample(Connection connection, TableName table) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("set local default_statistics_target = 5");
    }
    analyze(connection, table);
  }

  private static void analyze(Connection connection, TableName table) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("analyze " + table.sql());
    }
  }
}
