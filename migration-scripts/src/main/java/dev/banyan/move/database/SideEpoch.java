package dev.banyan.move.database;

import dev.banyan.control.StaleMoverException;
import java.sql.Connection;
import java.sql.SQLException;

/** Guards what a mover does on a side against its having been replaced: in the same transaction, under a lock of the side's row. */
public final class SideEpoch {

  private SideEpoch() {}

  /**
   * Returns normally only if {@code epoch} may act on the side, and keeps every other epoch from it until the transaction ends.
   *
   * @throws StaleMoverException if it may not
   */
  public static void require(Connection connection, String module, long epoch) throws SQLException {
    try (var statement = connection.prepareStatement("select from banyan.side where module = ? and epoch = ? for update")) {
      statement.setString(1, module);
      statement.setLong(2, epoch);
      if (!statement.executeQuery().next()) {
        throw new StaleMoverException(module, epoch);
      }
    }
  }
}
