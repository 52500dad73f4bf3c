package dev.banyan.demo.report;

import dev.banyan.demo.load.Ledger;
import dev.banyan.demo.stage.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * What the owner's database holds, against what its clients know to be acknowledged.
 *
 * @param lost acknowledged writes that are not there
 * @param duplicated writes that are there more often than they were acknowledged
 */
public record Balance(long lost, long duplicated) {

  /**
   * Draws the balance on the owner's database; no request may be under way.
   *
   * @param accounts how many accounts there were from the beginning, ids from 1, no revision yet
   */
  public static Balance draw(Server owner, String database, Ledger ledger, int accounts) throws SQLException {
    Map<Long, Long> expected = new HashMap<>(ledger.revisions());
    for (long id = 1; id <= accounts; id++) {
      expected.putIfAbsent(id, 0L);
    }
    return draw(expected, found(owner, database));
  }

  static Balance draw(Map<Long, Long> expected, Map<Long, Long> found) {
    long lost = 0;
    long duplicated = 0;
    for (Map.Entry<Long, Long> entry : expected.entrySet()) {
      Long revision = found.get(entry.getKey());
      if (entry.getValue() == Ledger.GONE) {
        lost += revision == null ? 0 : 1;
      } else if (revision == null) {
        lost += 1 + entry.getValue();
      } else {
        lost += Math.max(0, entry.getValue() - revision);
        duplicated += Math.max(0, revision - entry.getValue());
      }
    }
    // Accounts that no acknowledged request has created.
    long strangers = found.keySet().stream().filter(id -> !expected.containsKey(id)).count();
    return new Balance(lost, duplicated + strangers);
  }

  private static Map<Long, Long> found(Server owner, String database) throws SQLException {
    Map<Long, Long> found = new HashMap<>();
    try (Connection connection = owner.connect(database); var statement = connection.createStatement();
        var row = statement.executeQuery("select id, revision from users.account")) {
      while (row.next()) {
        found.put(row.getLong(1), row.getLong(2));
      }
    }
    return found;
  }
}
