package dev.banyan.move.verify;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * How many rows some part of a table has, and the sum of their hashes. Two parts with equal sums have equal rows, but for
 * a chance of 1 in 2<sup>64</sup>.
 */
record Sum(long rows, BigInteger hash) {

  static final Sum NONE = new Sum(0, BigInteger.ZERO);

  /** Reads the count and the sum from two columns, the first of which is at {@code column}. */
  static Sum read(ResultSet row, int column) throws SQLException {
    return new Sum(row.getLong(column), new BigInteger(row.getString(column + 1)));
  }

  Sum plus(Sum other) {
    return new Sum(rows + other.rows, hash.add(other.hash));
  }
}
