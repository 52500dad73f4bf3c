package shop.orders;

import org.springframework.jdbc.core.JdbcTemplate;

public class Report {

  int count(JdbcTemplate jdbc) {
    return jdbc.queryForObject("select count(*) from public.account", Integer.class);
  }
}
