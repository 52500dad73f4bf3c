package shop.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.TestPostgres;

class PostgresUsersIntegrationTests extends UsersContract {

  @Autowired DataSource database;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'name': 'A\\u0000da'", "'name': 'Ada', 'preferences': {'x': '\\u0000'}", "'name': 'Ada', 'preferences': {'x': 1e400000}"})
  void refusesWhatCannotBeKept(String fields) {
    assertThat(api.post("/users", "{'email': '%s', %s}".formatted(email(), fields)).status()).isEqualTo(400);
  }

  @Test
  void tellsAnAddressThatCannotBeKeptFromAUserWhoIsNotThere() {
    var path = "/users/%d/addresses".formatted(id(register("Ada")));
    assertProblem(api.post(path, "{'line1': '\\u0000', 'city': 'K', 'country': 'DE'}"), 400);
  }

  /** Without a lock before the first write, two of five neighbours stood in the feed the other way round. */
  @Test
  void publishesAUsersChangesInTheirOrder() throws Exception {
    long ada = api.post("/users", "{'email': '%s', 'name': 'Ada'}".formatted(email())).body().path("id").asLong();
    var writers = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 200; i++) {
      writers.execute(() -> api.put("/users/" + ada, "{'name': 'Ada K'}"));
    }
    writers.shutdown();
    assertThat(writers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(JdbcClient.create(database).sql("select version from users.outbox where aggregate = :user order by txid, position")
        .param("user", Long.toString(ada)).query(Long.class).list()).hasSize(201).isSorted();
  }
}
