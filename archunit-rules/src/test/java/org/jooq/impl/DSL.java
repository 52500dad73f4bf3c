package org.jooq.impl;

import org.jooq.Name;

/** Stands for the library's type of this name. */
public class DSL {

  public static Object table(String name) {
    return name;
  }

  public static Name name(String name) {
    return new Name() {};
  }

  public static Object condition(String sql) {
    return sql;
  }

  public static Object field(Name name) {
    return name;
  }

  public static Name name(String... names) {
    return new Name() {};
  }
}
