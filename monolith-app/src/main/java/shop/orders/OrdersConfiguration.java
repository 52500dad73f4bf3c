package shop.orders;

import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The settings of the module, and its time. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({CheckoutSettings.class, IdempotencySettings.class})
class OrdersConfiguration {

  @Bean
  Pace pace(ObjectProvider<Clock> clock) {
    return Pace.of(clock.getIfAvailable(Clock::systemUTC));
  }
}
