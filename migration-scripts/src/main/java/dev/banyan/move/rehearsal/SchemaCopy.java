package dev.banyan.move.rehearsal;

import dev.banyan.move.mover.Refused;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes objects again in another database. In which order they need one another is for that server to say: what fails is
 * tried again for as long as anything succeeds.
 */
final class SchemaCopy {

  private final Connection target;
  private final List<String> leftOut;

  /**
   * Creates the copy into a database.
   *
   * @param leftOut is told what could not be made and is not needed
   */
  SchemaCopy(Connection target, List<String> leftOut) {
    this.target = target;
    this.leftOut = leftOut;
  }

  /**
   * Makes all of them.
   *
   * @throws Refused if one that is needed cannot be made
   */
  void make(List<SchemaPart> parts) throws SQLException, InterruptedException {
    Map<SchemaPart, SQLException> reasons = new LinkedHashMap<>();
    List<SchemaPart> missing = parts;
    int before;
    do {
      before = missing.size();
      reasons.clear();
      missing = attempt(missing, reasons);
    } while (!missing.isEmpty() && missing.size() < before);
    report(reasons);
  }

  private List<SchemaPart> attempt(List<SchemaPart> parts, Map<SchemaPart, SQLException> reasons) throws SQLException, InterruptedException {
    List<SchemaPart> missing = new ArrayList<>();
    try (Statement statement = target.createStatement()) {
      statement.execute("set check_function_bodies = off");
      for (SchemaPart part : parts) {
        Interrupts.check();
        try {
          statement.execute(part.sql());
        } catch (SQLException e) {
          if (!target.isValid(5)) {
            throw e;
          }
          missing.add(part);
          reasons.put(part, e);
        }
      }
    }
    return missing;
  }

  private void report(Map<SchemaPart, SQLException> reasons) {
    reasons.forEach((part, reason) -> {
      String said = String.valueOf(reason.getMessage()).lines().findFirst().orElse("");
      if (part.needed()) {
        throw new Refused("No copy can be rehearsed on: %s cannot be made there: %s".formatted(part.what(), said));
      }
      leftOut.add("%s, which could not be made: %s".formatted(part.what(), said));
    });
  }
}
