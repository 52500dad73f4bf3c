package dev.banyan.move.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One statement whose parameters are texts. */
public final class TextStatement {

  private TextStatement() {}

  /** Executes it and returns how many rows it met. */
  public static int execute(Connection target, String sql, List<@Nullable String> parameters) throws SQLException {
    try (PreparedStatement statement = target.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setString(i + 1, parameters.get(i));
      }
      return statement.executeUpdate();
    }
  }
}
