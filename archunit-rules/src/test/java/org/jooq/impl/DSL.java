package org.jooq.impl;

/** Stands for the library's type of this name. */
public class DSL {

  public static Object table(String name) {
    return name;
  }
}
