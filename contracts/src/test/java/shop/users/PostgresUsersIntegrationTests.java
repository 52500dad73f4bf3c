package shop.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.Api;
import shop.TestPostgres;

class PostgresUsersIntegrationTests extends UsersContract {

  @Autowired DataSource database;
  @Value("${spring.datasource.url}") String url;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
    properties.add("spring.datasource.hikari.connection-timeout", () -> "1000");
  }

  /** Who balances the load must send nothing here, and has no reason to start the process anew. */
  @Test
  void isAliveAndNotReadyWhileItsDatabaseIsAway() throws SQLException {
    var health = new Api(port, "/actuator/health");
    assertThat(health.get("/readiness").text("status")).isEqualTo("UP");
    var name = JdbcClient.create(database).sql("select current_database()").query(String.class).single();
    try (var outside = besideTheDatabase(name); var statement = outside.createStatement()) {
      statement.execute("alter database %s allow_connections false".formatted(name));
      statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'".formatted(name));
      try {
        assertThat(health.get("/readiness").status()).isEqualTo(503);
        assertThat(health.get("/liveness").status()).isEqualTo(200);
      } finally {
        statement.execute("alter database %s allow_connections true".formatted(name));
      }
    }
    await("the database").until(() -> health.get("/readiness").status() == 200);
  }

  private Connection besideTheDatabase(String name) throws SQLException {
    return DriverManager.getConnection(url.replace("/" + name, "/postgres"), "postgres", "");
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
