package shop.users;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.TestPostgres;

class PostgresUsersIntegrationTests extends UsersContract {

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'name': 'A\\u0000da'", "'name': 'Ada', 'preferences': {'x': '\\u0000'}"})
  void refusesTextsThatCannotBeKept(String fields) {
    assertThat(api.post("/users", "{'email': '%s', %s}".formatted(email(), fields)).status()).isEqualTo(400);
  }
}
