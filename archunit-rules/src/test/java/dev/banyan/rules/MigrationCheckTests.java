package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationCheckTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");
  private static final String MOVE = "Move this to the migrations of module 'users', or keep a table of your own that its events feed.";
  private static final String KEY = "Keep the identifier without a foreign key, and check it through the interface of module 'users'.";

  @Test
  void findsNothingInMigrationsThatKeepToTheirSchema() throws Exception {
    MigrationCheck check = SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder("clean"));

    check.check();
    assertThat(check.violations()).isEmpty();
  }

  @Test
  void findsForeignKeysViewsTriggersFunctionsGrantsSequencesAndSchemasOfOthers() throws Exception {
    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder("violating")).violations())
        .extracting(Finding::message).containsExactly(
            "Module 'orders' reads users.account, which module 'users' owns, in migration R__totals.sql (R__totals.sql:1): \"create or replace view orders.totals as select count(*) as accounts from users.account\". " + MOVE,
            "Module 'orders' writes users.account, which module 'users' owns, in migration U1__tables.sql (U1__tables.sql:1): \"drop trigger copy on users.account\". " + MOVE,
            "Module 'orders' refers to users.account, which module 'users' owns, in migration V1__tables.sql (V1__tables.sql:3): \"create table orders.item ( id bigint primary key, account bigint references users.account )\". " + KEY,
            "Module 'orders' reads users.account, which module 'users' owns, in migration V1__tables.sql (V1__tables.sql:8): \"create view orders.named as select i.id, a.name from orders.item i join users.account a on a.id = i.account\". " + MOVE,
            "Module 'orders' writes users.account, which module 'users' owns, in migration V1__tables.sql (V1__tables.sql:10): \"create trigger copy after update on users.account for each row execute function orders.copy()\". " + MOVE,
            "Module 'orders' writes users.account, which module 'users' owns, in migration V1__tables.sql (V1__tables.sql:14): \"create function orders.copy() returns trigger language plpgsql as $$ begin update users.account set name = new.name whe…\". " + MOVE,
            "Module 'orders' refers to users.account, which module 'users' owns, in migration V1__tables.sql (V1__tables.sql:18): \"grant select on users.account to orders_role\". " + MOVE,
            "Module 'orders' refers to users.account_id_seq, which module 'users' owns, in migration V1__tables.sql (V1__tables.sql:19): \"select nextval('users.account_id_seq')\". " + MOVE,
            "Module 'orders' writes users.*, which module 'users' owns, in migration V1__tables.sql (V1__tables.sql:20): \"create schema users\". " + MOVE);
  }

  /** In a test class it is one line, as the rule over classes is. */
  @Test
  void isARuleAsWell() throws Exception {
    ArchRule rule = SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder("violating"));
    JavaClasses none = new ClassFileImporter().importClasses();

    assertThatThrownBy(() -> rule.check(none)).isInstanceOf(AssertionError.class)
        .hasMessageContaining("Rule 'migrations should touch only the schema of their module' was violated (9 times)");
    SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder("clean")).check(none);
  }

  @Test
  void failsWithALineForEach() throws Exception {
    Path folder = folder("violating");

    assertThatThrownBy(() -> SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder).check())
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("9 statements of migrations touch another module's schema:")
        .hasMessageContaining("Module 'orders' refers to users.account, which module 'users' owns, in migration V1__tables.sql "
            + "(V1__tables.sql:18): \"grant select on users.account to orders_role\". Move this to the migrations of module 'users', "
            + "or keep a table of your own that its events feed.");
  }

  @Test
  void readsChangelogsOfLiquibaseInEveryForm() throws Exception {
    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, resource("/changelogs/violating")).violations())
        .extracting(Finding::message).containsExactly(
            "Module 'orders' writes users.account_seq, which module 'users' owns, in migration tables.json (tables.json:3): \"createSequence schemaName=users, sequenceName=account_seq\". " + MOVE,
            "Module 'orders' reads users.account, which module 'users' owns, in migration tables.sql (tables.sql:3): \"select count(*) from users.account\". " + MOVE,
            "Module 'orders' writes users.account, which module 'users' owns, in migration tables.sql (tables.sql:5): \"drop table users.account\". " + MOVE,
            "Module 'orders' reads users.account, which module 'users' owns, in migration tables.xml (tables.xml:5): \"select count(*) from users.account\". " + MOVE,
            "Module 'orders' refers to users.account, which module 'users' owns, in migration tables.xml (tables.xml:7): \"addForeignKeyConstraint baseColumnNames=a, baseTableName=item, constraintName=f, referencedColumnNames=id, referencedTa…\". " + KEY,
            "Module 'orders' reads users.account, which module 'users' owns, in migration tables.xml (tables.xml:8): \"create view names as select name from users.account\". " + MOVE,
            "Module 'orders' writes users.account, which module 'users' owns, in migration tables.xml (tables.xml:9): \"insert schemaName=users, tableName=account\". " + MOVE,
            "Module 'orders' writes users.account, which module 'users' owns, in migration tables.xml (tables.xml:10): \"update users.account set name = 'x'\". " + MOVE,
            "Module 'orders' writes users.account, which module 'users' owns, in migration tables.xml (tables.xml:11): \"delete from users.account\". " + MOVE,
            "Module 'orders' refers to users.account, which module 'users' owns, in migration tables.yaml (tables.yaml:6): \"createTable tableName=line\". " + MOVE,
            "Module 'orders' writes users.account, which module 'users' owns, in migration tables.yaml (tables.yaml:15): \"addColumn schemaName=users, tableName=account\". " + MOVE,
            "Module 'orders' refers to users.account_seq, which module 'users' owns, in migration tables.yaml (tables.yaml:15): \"addColumn schemaName=users, tableName=account\". " + MOVE,
            "Module 'orders' writes users.account, which module 'users' owns, in migration tables.yaml (tables.yaml:20): \"delete from users.account\". " + MOVE);
  }

  @Test
  void readsCatalogsAndSynonymsOfChangelogs(@TempDir Path folder) throws Exception {
    changelog(folder, "tables.xml", """
        <databaseChangeLog><changeSet id="1" author="a">
        <dropTable catalogName="users" tableName="account"/>
        <addForeignKeyConstraint constraintName="f" baseTableName="item" baseColumnNames="a"
          referencedTableCatalogName="users" referencedTableName="address" referencedColumnNames="id"/>
        <createSynonym synonymName="s" objectSchemaName="users" objectName="role"/>
        </changeSet></databaseChangeLog>
        """);

    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder).violations())
        .extracting(finding -> finding.access().verb() + " " + finding.table())
        .containsExactly("writes users.account", "refers to users.address", "refers to users.role");
  }

  @Test
  void readsRollbacksThatStandInOneComment(@TempDir Path folder) throws Exception {
    changelog(folder, "tables.sql", """
        --liquibase formatted sql
        --changeset a:1
        create table orders.line (id int)
        /* liquibase rollback
        delete from users.account;
        */
        /* delete from users.account */
        """);

    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder).violations())
        .extracting(finding -> finding.access().verb() + " " + finding.table() + " at " + finding.source())
        .containsExactly("writes users.account at tables.sql:5");
  }

  @Test
  void readsScriptsWhoseNamesEndInCapitals(@TempDir Path folder) throws Exception {
    changelog(folder, "V1__X.SQL", "delete from users.account;");

    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder).violations()).hasSize(1);
  }

  private static void changelog(Path folder, String name, String text) throws IOException {
    Files.writeString(Files.createDirectories(folder.resolve("orders")).resolve(name), text);
  }

  @Test
  void findsNothingInChangelogsThatKeepToTheirSchema() throws Exception {
    SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, resource("/changelogs/clean")).check();
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
