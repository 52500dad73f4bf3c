package org.springframework.r2dbc.core;

/** Stands for the library's type of this name. */
public interface DatabaseClient {

  Object sql(String sql);
}
