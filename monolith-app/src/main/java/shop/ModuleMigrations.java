package shop;

import java.util.Arrays;
import java.util.stream.Stream;
import org.flywaydb.core.api.Location;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.modulith.runtime.flyway.MigrationFilter;

/** Which migrations this process applies: those of its modules, and of what belongs to no module. */
@Configuration(proxyBeanMethods = false)
class ModuleMigrations {

  private static final String SAMPLE = "classpath:db/sample";

  @Bean
  MigrationFilter migrationsOfModulesHere(Environment environment) {
    var modules = ShopModules.of(environment);
    return (module, flyway) -> !ShopModules.all().contains(module.toString()) || modules.run(module.toString());
  }

  /** A shop that was just started has something to sell; a module on its way to a database of its own needs empty tables. */
  @Bean
  FlywayConfigurationCustomizer samplesForTheWholeShop(Environment environment) {
    return flyway -> {
      if (ShopModules.of(environment).areAll()) {
        flyway.locations(Stream.concat(Arrays.stream(flyway.getLocations()).map(Location::toString), Stream.of(SAMPLE))
            .toArray(String[]::new));
      }
    };
  }
}
