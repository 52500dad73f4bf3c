package org.jdbi.v3.core;

/** Stands for the library's type of this name. */
public interface Handle {

  Object createUpdate(String sql);
}
