package shop.owner;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The parts that are not classes of this package's own. */
@Configuration(proxyBeanMethods = false)
class OwnerConfiguration {

  /** How long a write that meets the fence waits for the new owner. */
  @Bean
  Patience fencePatience(@Value("${shop.owner.fence-patience:2s}") Duration limit) {
    return Patience.of(limit);
  }
}
