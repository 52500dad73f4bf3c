package shop.sql;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/**
 * Keeps rows out of logs and dead letters: PostgreSQL adds to an error which row it is about, with all of its values, and
 * the driver passes that on unless it is told otherwise. Error, constraint and table are told as before.
 */
@Component
class DiscreetErrors implements BeanPostProcessor {

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof HikariDataSource pool && String.valueOf(pool.getJdbcUrl()).startsWith("jdbc:postgresql:")) {
      pool.addDataSourceProperty("logServerErrorDetail", "false");
    }
    return bean;
  }
}
