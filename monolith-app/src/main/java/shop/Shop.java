package shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.modulith.Modulithic;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The shop as one process. */
@Modulithic(systemName = "Shop", sharedModules = {"problems", "sql", "outbox", "inbox", "versions", "copies"})
@SpringBootApplication
@EnableScheduling
public class Shop {

  /** Starts the shop; settings come from the environment, as Spring Boot reads them. */
  public static void main(String[] args) {
    SpringApplication.run(Shop.class, args);
  }
}
