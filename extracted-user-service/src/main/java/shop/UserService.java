package shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The user service as one process. */
@SpringBootApplication
@EnableScheduling
public class UserService {

  /** Starts the service; settings come from the environment, as Spring Boot reads them. */
  public static void main(String[] args) {
    SpringApplication.run(UserService.class, args);
  }
}
