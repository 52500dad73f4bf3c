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
}
