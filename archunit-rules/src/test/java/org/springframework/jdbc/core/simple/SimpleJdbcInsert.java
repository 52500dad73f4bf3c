package org.springframework.jdbc.core.simple;

/** Stands for the library's type of this name. */
public class SimpleJdbcInsert {

  public SimpleJdbcInsert withTableName(String name) {
    return this;
  }
}
