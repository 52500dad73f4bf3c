package org.springframework.jdbc.core.simple;

/** Stands for the library's type of this name. */
public interface JdbcClient {

  Object sql(String sql);
}
