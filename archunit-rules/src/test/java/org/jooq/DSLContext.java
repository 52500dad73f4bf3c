package org.jooq;

/** Stands for the library's type of this name. */
public interface DSLContext {

  Object fetch(String sql);

  Object selectFrom(Table table);

  Object insertInto(Table table);
}
