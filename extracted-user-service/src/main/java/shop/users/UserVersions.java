package shop.users;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.versions.Deprecation;

/** Which versions of the interface are on their way out. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(UserVersions.Settings.class)
class UserVersions {

  /**
   * When version 1 ends; properties {@code shop.users.v1.*}.
   *
   * @param deprecated since when it should not be used in new clients, a date
   * @param sunset when it may be gone, a date
   */
  @ConfigurationProperties("shop.users.v1")
  record Settings(@DefaultValue("2026-12-01") String deprecated, @DefaultValue("2027-06-30") String sunset) {}

  /** The events and the addresses are the same in both versions. */
  @Bean
  Deprecation deprecationOfVersion1(Settings settings) {
    return Deprecation.of(settings.deprecated(), settings.sunset(), "/api/v2/users", "/api/v1/users", "/api/v1/users/{user:(?!events$).+}");
  }
}
