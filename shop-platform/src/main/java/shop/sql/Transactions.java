package shop.sql;

import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** How transactions are made. */
@Configuration(proxyBeanMethods = false)
class Transactions {

  /**
   * Not Spring Boot's own {@code JdbcTransactionManager}: that one reports a commit whose answer was lost like a
   * statement that failed. A client may send the latter again; of the former nobody knows whether it took effect.
   */
  @Bean
  DataSourceTransactionManager transactionManager(DataSource database) {
    return new DataSourceTransactionManager(database);
  }
}
