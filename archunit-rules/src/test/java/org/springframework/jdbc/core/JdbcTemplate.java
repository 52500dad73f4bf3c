package org.springframework.jdbc.core;

/** Stands for the library's type of this name. */
public class JdbcTemplate {

  public int update(String sql, Object... arguments) {
    return 0;
  }

  public int[] batchUpdate(String... sql) {
    return new int[0];
  }
}
