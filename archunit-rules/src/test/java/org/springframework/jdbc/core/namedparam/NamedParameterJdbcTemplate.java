package org.springframework.jdbc.core.namedparam;

import java.util.Map;

/** Stands for the library's type of this name. */
public class NamedParameterJdbcTemplate {

  public Object queryForList(String sql, Map<String, ?> parameters) {
    return sql;
  }
}
