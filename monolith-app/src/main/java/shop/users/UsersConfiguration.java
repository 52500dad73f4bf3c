package shop.users;

import dev.banyan.control.client.OwnerRecord;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The parts of the module that are not its own classes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(UserServiceSettings.class)
class UsersConfiguration {

  @Bean
  OwnerRecord ownerOfUsers(DataSource monolith, UserServiceSettings settings) {
    return new OwnerRecord(monolith, "users", settings.ownerMaxAge());
  }

  @Bean
  Patience fencePatience(UserServiceSettings settings) {
    return Patience.of(settings.fencePatience());
  }
}
