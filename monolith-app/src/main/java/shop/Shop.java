package shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.modulith.Modulithic;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The shop as one process; or, by {@code shop.modules}, some of its modules. */
@Modulithic(systemName = "Shop", sharedModules = {"problems", "sql", "outbox", "inbox", "versions", "copies", "http", "owner"})
@SpringBootConfiguration
@EnableAutoConfiguration
@ComponentScan(excludeFilters = {
    @Filter(type = FilterType.CUSTOM, classes = TypeExcludeFilter.class),
    @Filter(type = FilterType.CUSTOM, classes = AutoConfigurationExcludeFilter.class),
    @Filter(type = FilterType.CUSTOM, classes = OtherModules.class)})
@EnableScheduling
public class Shop {

  /** Starts the shop; settings come from the environment, as Spring Boot reads them. */
  public static void main(String[] args) {
    SpringApplication.run(Shop.class, args);
  }
}
