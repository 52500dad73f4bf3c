package dev.banyan.demo.report;

import dev.banyan.demo.stage.Server;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A plain comparison of a table on both servers, row by row in the order of its id, each row as the text that PostgreSQL
 * writes. It shares no code with the mover.
 *
 * @param compared rows on the owner's side
 * @param different rows that are on both sides and read differently
 * @param missing rows that only the owner has
 * @param extra rows that only the other side has
 */
public record Difference(long compared, long different, long missing, long extra) {

  private static final int FETCH_ROWS = 2_000;

  /** Compares two tables with an {@code id}, read as they are now. */
  public static Difference between(Server owner, String ownerDatabase, Server other, String otherDatabase, String... tables)
      throws SQLException {
    Difference sum = new Difference(0, 0, 0, 0);
    for (String table : tables) {
      try (Connection ours = owner.connect(ownerDatabase); Connection theirs = other.connect(otherDatabase)) {
        sum = sum.plus(merge(ours, theirs, "select t.id, t::text from %s t order by t.id".formatted(table)));
      }
    }
    return sum;
  }

  private static Difference merge(Connection ours, Connection theirs, String query) throws SQLException {
    long compared = 0;
    long different = 0;
    long missing = 0;
    long extra = 0;
    try (PreparedStatement left = prepare(ours, query); ResultSet a = left.executeQuery();
        PreparedStatement right = prepare(theirs, query); ResultSet b = right.executeQuery()) {
      boolean inA = a.next();
      boolean inB = b.next();
      while (inA || inB) {
        int order = !inA ? 1 : !inB ? -1 : Long.compare(a.getLong(1), b.getLong(1));
        if (order == 0 && !a.getString(2).equals(b.getString(2))) {
          different++;
        }
        missing += order < 0 ? 1 : 0;
        extra += order > 0 ? 1 : 0;
        compared += order <= 0 ? 1 : 0;
        inA = order <= 0 ? a.next() : inA;
        inB = order >= 0 ? b.next() : inB;
      }
    }
    return new Difference(compared, different, missing, extra);
  }

  private static PreparedStatement prepare(Connection connection, String query) throws SQLException {
    connection.setAutoCommit(false);
    PreparedStatement statement = connection.prepareStatement(query);
    statement.setFetchSize(FETCH_ROWS);
    return statement;
  }

  private Difference plus(Difference more) {
    return new Difference(compared + more.compared, different + more.different, missing + more.missing, extra + more.extra);
  }

  /** Tells whether both sides had the same rows. */
  public boolean isNone() {
    return different == 0 && missing == 0 && extra == 0;
  }
}
