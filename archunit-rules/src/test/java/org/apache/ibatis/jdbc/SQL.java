package org.apache.ibatis.jdbc;

/** Stands for the library's type of this name. */
public class SQL {

  public SQL SELECT(String columns) {
    return this;
  }

  public SQL FROM(String table) {
    return this;
  }
}
