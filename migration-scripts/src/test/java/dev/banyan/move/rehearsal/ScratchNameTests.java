package dev.banyan.move.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.control.client.Owner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScratchNameTests {

  private static final String LONG = "a_module_with_a_very_long_name_in_letter";

  @Test
  void fitsIntoANameOfPostgresHoweverLongTheModulesIs() {
    ScratchName name = ScratchName.fresh(LONG);
    assertThat(name.database(Owner.MONOLITH)).hasSizeLessThanOrEqualTo(63);
    assertThat(name.database(Owner.SERVICE)).matches(ScratchName.databasesOf(LONG)).doesNotMatch(ScratchName.databasesOf(LONG + "s"));
    assertThat("banyan_" + name.scratchModule() + "_monolith").hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void isToldFromItsDatabase() {
    ScratchName name = ScratchName.fresh("users");
    var found = ScratchName.databasesOf("users").matcher(name.database(Owner.SERVICE));
    assertThat(found.matches()).isTrue();
    assertThat(ScratchName.of("users", found)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({"users, banyan_rehearsal_users_more_12345678_service", "users, banyan_rehearsal_users_1234567_service", "users, users",
      "users, banyan_rehearsal_users_12345678_service2", "users, banyan_rehearsal_users_12345678_12345678_monolith", "u_ers, banyan_rehearsal_users_12345678_service"})
  void isNotFoundInAnotherDatabasesName(String module, String database) {
    assertThat(database).doesNotMatch(ScratchName.databasesOf(module));
  }

  @Test
  void leavesTheServerAndItsSettingsInAUrl() {
    assertThat(ScratchServer.withDatabase("jdbc:postgresql://a:1,b:2/shop?sslmode=require", "x")).isEqualTo("jdbc:postgresql://a:1,b:2/x?sslmode=require");
    assertThat(ScratchServer.withDatabase("jdbc:postgresql://a", "x")).isEqualTo("jdbc:postgresql://a/x");
    assertThatThrownBy(() -> ScratchServer.withDatabase("jdbc:postgresql:shop", "x")).hasMessageContaining("must name its host");
  }
}
