package shop.users;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.TestPostgres;
import shop.UserService;

/** The service is started a second time, by a role that has the name of its schema. */
class RestartIntegrationTests {

  @Test
  void findsWhatItHasMigratedBefore() {
    String url = TestPostgres.newDatabaseOf("users");
    for (int start = 1; start <= 2; start++) {
      try (var service = new SpringApplicationBuilder(UserService.class).run("--server.port=0",
          "--spring.datasource.url=" + url, "--spring.datasource.username=users", "--spring.datasource.password=users")) {
        assertThat(service.getBean(JdbcClient.class).sql("select count(*) from users.account").query(Long.class).single()).isZero();
      }
    }
  }
}
