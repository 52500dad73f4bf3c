package org.springframework.data.jdbc.core;

/** Stands for the library's type of this name. */
public interface JdbcAggregateTemplate {

  <T> Iterable<T> findAll(Class<T> type);

  void deleteAll(Class<?> type);

  <T> T save(T aggregate);
}
