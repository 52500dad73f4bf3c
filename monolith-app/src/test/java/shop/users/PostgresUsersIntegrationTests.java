package shop.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
  @ValueSource(strings = {"'name': 'A\\u0000da'", "'name': 'Ada', 'preferences': {'x': '\\u0000'}"})
  void refusesTextsThatCannotBeKept(String fields) {
    assertThat(api.post("/users", "{'email': '%s', %s}".formatted(email(), fields)).status()).isEqualTo(400);
  }

  /** The feed is in the order of transactions' numbers, so these must be in the order of a user's versions. */
  @Test
  void hasNoTransactionNumberWhileItWaitsForAUser() throws SQLException {
    long ada = api.post("/users", "{'email': '%s', 'name': 'Ada'}".formatted(email())).body().path("id").asLong();
    CompletableFuture<?> update;
    try (var other = database.getConnection()) {
      other.setAutoCommit(false);
      other.createStatement().execute("select id from users.account where id = %d for update".formatted(ada));
      update = CompletableFuture.runAsync(() -> assertThat(api.put("/users/" + ada, "{'name': 'Ada K'}").status()).isEqualTo(200));
      await().until(() -> !numbersOfThoseWhoWait().isEmpty());
      assertThat(numbersOfThoseWhoWait()).containsExactly("none");
      other.rollback();
    }
    update.join();
  }

  private List<String> numbersOfThoseWhoWait() {
    return JdbcClient.create(database).sql("""
        select coalesce(backend_xid::text, 'none') from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%users.account%'""")
        .query(String.class).list();
  }
}
