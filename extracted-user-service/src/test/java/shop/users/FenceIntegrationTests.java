package shop.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.Api;
import shop.TestPostgres;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "server.address=127.0.0.1")
class FenceIntegrationTests {

  @LocalServerPort int port;
  @Autowired JdbcTemplate jdbc;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  @Test
  void tellsTheClientThatAFencedWriteHadNoEffectAndMayBeRepeated() {
    var api = new Api(port);
    long id = api.post("/users", "{'email': '%s@example.org', 'name': 'Ada'}".formatted(UUID.randomUUID()))
        .body().path("id").asLong();
    raiseFence();
    var answer = api.put("/users/" + id, "{'name': 'Bob'}");
    UsersContract.assertProblem(answer, 503);
    assertThat(answer.text("type")).isEqualTo("urn:banyan:fenced");
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(api.get("/users/" + id).text("name")).isEqualTo("Ada");
    assertThat(jdbc.queryForObject("select count(*) from users.outbox where type = 'UserUpdated'", Integer.class)).isZero();
  }

  /** The toolkit's own trigger function, which its migrations put into schema banyan. */
  private void raiseFence() {
    Flyway.configure().dataSource(jdbc.getDataSource()).schemas("banyan")
        .locations("classpath:dev/banyan/control/side").load().migrate();
    jdbc.execute("""
        create trigger fence before insert or update or delete on users.account
        for each statement execute function banyan.refuse_write('users', 'monolith')""");
  }
}
