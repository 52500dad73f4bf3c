package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MigrationCheckTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");

  @Test
  void findsNothingInMigrationsThatKeepToTheirSchema() throws Exception {
    MigrationCheck check = SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder("clean"));

    check.check();
    assertThat(check.violations()).isEmpty();
  }

  @Test
  void findsForeignKeysViewsTriggersFunctionsGrantsSequencesAndSchemasOfOthers() throws Exception {
    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder("violating")).violations())
        .extracting(finding -> finding.access().verb() + " " + finding.table() + " at " + finding.source())
        .containsExactly(
            "refers to users.account at V1__tables.sql:3",
            "reads users.account at V1__tables.sql:8",
            "writes users.account at V1__tables.sql:10",
            "writes users.account at V1__tables.sql:14",
            "refers to users.account at V1__tables.sql:18",
            "refers to users.account_id_seq at V1__tables.sql:19",
            "writes users.* at V1__tables.sql:20");
  }

  @Test
  void failsWithALineForEach() throws Exception {
    Path folder = folder("violating");

    assertThatThrownBy(() -> SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder).check())
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("7 statements of migrations touch another module's schema:")
        .hasMessageContaining("Module 'orders' refers to users.account, which module 'users' owns, in migration V1__tables.sql "
            + "(V1__tables.sql:18): \"grant select on users.account to orders_role\". Move this to the migrations of module 'users', "
            + "or keep a table of your own that its events feed.");
  }

  private static Path folder(String name) throws URISyntaxException {
    var resource = MigrationCheckTests.class.getResource("/migrations/" + name);
    if (resource == null) {
      throw new IllegalStateException(name);
    }
    return Path.of(resource.toURI());
  }
}
