package dev.banyan.move.verify;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/** Keys and hashes of the rows of one side, in an order that both sides share, read with a bounded buffer. */
final class Rows implements AutoCloseable {

  private static final int FETCH_ROWS = 5_000;

  private final PreparedStatement statement;
  private final ResultSet rows;
  private boolean there;
  private long keyHash;
  private String keyText = "";
  private long rowHash;

  Rows(Connection side, String sql, Integer[] buckets) throws SQLException {
    statement = side.prepareStatement(sql);
    statement.setFetchSize(FETCH_ROWS);
    statement.setArray(1, side.createArrayOf("int8", buckets));
    rows = statement.executeQuery();
    next();
  }

  boolean isThere() {
    return there;
  }

  void next() throws SQLException {
    there = rows.next();
    if (there) {
      keyHash = rows.getLong(1);
      keyText = rows.getString(2);
      rowHash = rows.getLong(4);
    }
  }

  RowKey key() throws SQLException {
    return new RowKey(Arrays.asList((String[]) rows.getArray(3).getArray()));
  }

  boolean hasRowOf(Rows others) {
    return rowHash == others.rowHash;
  }

  /** A side that has ended comes last. */
  int compareTo(Rows others) {
    if (there != others.there) {
      return there ? -1 : 1;
    }
    int order = Long.compare(keyHash, others.keyHash);
    return order != 0 ? order : keyText.compareTo(others.keyText);
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
