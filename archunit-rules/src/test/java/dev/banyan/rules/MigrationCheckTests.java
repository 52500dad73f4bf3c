package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** In a test class it is one line, as the rule over classes is. */
  @Test
  void isARuleAsWell() throws Exception {
    ArchRule rule = SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder("violating"));
    JavaClasses none = new ClassFileImporter().importClasses();

    assertThatThrownBy(() -> rule.check(none)).isInstanceOf(AssertionError.class)
        .hasMessageContaining("Rule 'migrations should touch only the schema of their module' was violated (7 times)");
    SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder("clean")).check(none);
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

  @Test
  void readsChangelogsOfLiquibaseInEveryForm() throws Exception {
    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, resource("/changelogs/violating")).violations())
        .extracting(finding -> finding.access().verb() + " " + finding.table() + " at " + finding.source())
        .containsExactly(
            "writes users.account_seq at tables.json:3",
            "reads users.account at tables.sql:3",
            "writes users.account at tables.sql:5",
            "reads users.account at tables.xml:5",
            "refers to users.account at tables.xml:7",
            "reads users.account at tables.xml:8",
            "writes users.account at tables.xml:9",
            "writes users.account at tables.xml:10",
            "writes users.account at tables.xml:11",
            "refers to users.account at tables.yaml:6",
            "writes users.account at tables.yaml:15",
            "refers to users.account_seq at tables.yaml:15",
            "writes users.account at tables.yaml:20");
  }

  @Test
  void findsNothingInChangelogsThatKeepToTheirSchema() throws Exception {
    SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, resource("/changelogs/clean")).check();
  }

  @Test
  void tellsTheChangeThatCrosses() throws Exception {
    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, resource("/changelogs/violating")).violations().get(0).message())
        .isEqualTo("Module 'orders' writes users.account_seq, which module 'users' owns, in migration tables.json (tables.json:3): "
            + "\"createSequence schemaName=users, sequenceName=account_seq\". Move this to the migrations of module 'users', or keep a "
            + "table of your own that its events feed.");
  }

  @Test
  void takesEachStatementOfACommonFolderForItsTablesModule(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("V1__all.sql"), """
        create table users.account (id bigint primary key);
        create table orders.item (id bigint, account bigint references users.account);
        select count(*) from users.account;
        """);

    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder).violations())
        .extracting(finding -> finding.module().orElse("") + " " + finding.access().verb() + " " + finding.table() + " at " + finding.source())
        .containsExactly("orders refers to users.account at V1__all.sql:2");
  }

  private static Path folder(String name) throws URISyntaxException {
    return resource("/migrations/" + name);
  }

  private static Path resource(String name) throws URISyntaxException {
    var resource = MigrationCheckTests.class.getResource(name);
    if (resource == null) {
      throw new IllegalStateException(name);
    }
    return Path.of(resource.toURI());
  }
}
