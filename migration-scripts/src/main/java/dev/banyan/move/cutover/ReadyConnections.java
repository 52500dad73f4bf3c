package dev.banyan.move.cutover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;

/** A connection to each side, opened before writes are held: to open one takes longer than what it is for. */
final class ReadyConnections implements AutoCloseable {

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final int ACQUAINTED_WITHIN_MILLIS = 100;

  private final Link link;
  private final Map<Owner, Connection> ready = new EnumMap<>(Owner.class);

  ReadyConnections(Link link) {
    this.link = link;
  }

  /** Opens those that are not there. */
  void open() throws SQLException {
    for (Owner side : Owner.values()) {
      if (!ready.containsKey(side)) {
        Connection opened = link.database(side).connect();
        ready.put(side, opened);
        acquaint(opened, side);
      }
    }
  }

  /**
   * What a session needs of the catalog it reads when it is asked for the first time; that is now. Somebody who has a table
   * to himself is not waited for: that is the fence's part, which has its limits.
   */
  private void acquaint(Connection connection, Owner side) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set lock_timeout = " + ACQUAINTED_WITHIN_MILLIS);
      read(connection, statement, side);
    } catch (SQLException e) {
      if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  private void read(Connection connection, Statement statement, Owner side) throws SQLException {
    FencedTable.of(connection, link.module(), link.names(side));
    for (TableName table : link.names(side)) {
      statement.execute("select from %s limit 0".formatted(table.sql()));
    }
  }

  /** Hands one out, once; opens another where it is gone. The caller closes it. */
  Connection take(Owner side) throws SQLException {
    Connection waiting = ready.remove(side);
    return waiting != null ? waiting : link.database(side).connect();
  }

  @Override
  public void close() throws SQLException {
    for (Connection waiting : ready.values()) {
      waiting.close();
    }
    ready.clear();
  }
}
