package org.hibernate;

/** Stands for the library's type of this name. */
public interface Session {

  <T> T get(Class<T> type, Object id);

  Object save(Object entity);
}
