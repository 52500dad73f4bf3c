package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module that has left keeps its schema in the ownership, and has no package there any more. */
class ModuleThatLeftTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders] }
        users: { schemas: [users] }
      """);

  /** How the script begins that {@code banyan migration} writes. */
  private static final String LEFT = "-- Module 'users' has left for a service of its own. Written by `banyan migration` for the Flyway of the monolith.\n"
      + "do $banyan$ begin execute 'drop table users.account'; end $banyan$;\n";
  private static final String REMEDY = "Put this into the migrations of its service; those that were applied here before it left stay as they are.";

  @TempDir private Path folder;

  @Test
  void itsTablesStayAnothersForWhoeverIsLeft() throws IOException {
    assertThat(violations(new CompiledShop(folder).with("orders/Report", run("select name from users.account"))))
        .containsExactly("Module 'orders' reads users.account, which module 'users' owns, in shop.orders.Report, method run(Statement) "
            + "(Report.java:1): \"select name from users.account\". "
            + "Ask module 'users' through its interface, or keep a local copy that its events feed.");
  }

  @Test
  void itsCodeCannotComeBack() throws IOException {
    assertThat(violations(new CompiledShop(folder).with("users/Accounts", run("delete from users.account"))))
        .containsExactly("Code of no module writes users.account, which module 'users' owns, in shop.users.Accounts, method run(Statement) "
            + "(Accounts.java:1): \"delete from users.account\". Let module 'users' do it, through its interface.");
  }

  @Test
  void itsFormerMigrationsStayAsTheHistoryThatTheyAre() throws IOException {
    Files.writeString(Files.createDirectories(folder.resolve("db/users")).resolve("V1__account.sql"), "create table users.account (id int);");
    Files.writeString(Files.createDirectories(folder.resolve("db/orders")).resolve("V1__seen.sql"), "create view orders.seen as select * from users.account;");

    assertThat(MigrationCheck.of(OWNERSHIP, folder.resolve("db")).violations()).extracting(Finding::table, Finding::module)
        .hasSize(1).first().asString().contains("users.account", "orders");
  }

  @Test
  void itsTablesCannotComeBackByALaterMigration() throws IOException {
    migration("db/users/V1__account.sql", "create table users.account (id int);");
    migration("db/users/V3__users_moved_out.sql", LEFT);
    migration("db/users/V3.1__index.sql", "-- once more\n\ncreate table account (id int);");
    migration("db/users/V10__later.sql", "alter table users.account add column name text;");
    migration("db/users/R__sample.sql", "insert into users.account values (1);");

    assertThat(messages()).containsExactly(
        "Module 'users' has left, and users.account comes back in migration R__sample.sql (R__sample.sql:1): \"insert into users.account values (1)\". " + REMEDY,
        "Module 'users' has left, and users.account comes back in migration V10__later.sql (V10__later.sql:1): \"alter table users.account add column name text\". " + REMEDY,
        "Module 'users' has left, and users.account comes back in migration V3.1__index.sql (V3.1__index.sql:3): \"create table account (id int)\". " + REMEDY);
  }

  @Test
  void whatWasAppliedBeforeAndWhatIsPutAwayAfterwardsMayStay() throws IOException {
    migration("db/users/V1__account.sql", "create table users.account (id int);");
    migration("db/users/V2_9__more.sql", "create table users.address (id int);");
    migration("db/users/V3__users_moved_out.sql", LEFT);
    migration("db/users/V4__rest.sql", "-- what was left\ndrop table if exists users.forgotten;");
    migration("db/orders/V9__own.sql", "create table orders.item (id int);");

    assertThat(messages()).isEmpty();
  }

  @Test
  void itsTablesCannotComeBackInAFolderForAllModules() throws IOException {
    migration("all/V1__account.sql", "create table users.account (id int);");
    migration("all/V3__users_moved_out.sql", LEFT);
    migration("all/V4__item.sql", "create table orders.item (id int);");
    migration("all/V5__account.sql", "create table users.account (id int);");

    assertThat(MigrationCheck.of(OWNERSHIP, folder.resolve("all")).violations()).extracting(Finding::source).containsExactly("V5__account.sql:1");
  }

  /** Flyway looks into the folders below a location as well: all of them are one history. */
  @Test
  void itsTablesCannotComeBackInTheFolderAboveThoseOfModules() throws IOException {
    migration("db/V1__all.sql", "create table users.account (id int);");
    migration("db/users/V3__users_moved_out.sql", LEFT);
    migration("db/V4__account.sql", "create table users.account (id int);");

    assertThat(MigrationCheck.of(OWNERSHIP, folder.resolve("db")).violations()).extracting(Finding::source).containsExactly("V4__account.sql:1");
  }

  @Test
  void norAmongItsOwnWhereItLeftInTheFolderAbove() throws IOException {
    migration("db/users/V1__account.sql", "create table users.account (id int);");
    migration("db/V3__users_moved_out.sql", LEFT);
    migration("db/users/V4__account.sql", "create table users.account (id int);");

    assertThat(MigrationCheck.of(OWNERSHIP, folder.resolve("db")).violations()).extracting(Finding::source).containsExactly("V4__account.sql:1");
  }

  /** Spring Modulith's {@code __root} is first in a new database, so what modules make there it cannot have made itself before. */
  @Test
  void itsTablesCannotComeBackInTheRootOfModulith() throws IOException {
    migration("db/__root/V1__events.sql", "create table public.event (id int);");
    migration("db/__root/V2__account.sql", "create table users.account (id int);");
    migration("db/users/V1__account.sql", "create table users.account (id int);");
    migration("db/users/V3__users_moved_out.sql", LEFT);

    assertThat(messages()).containsExactly(
        "Module 'users' has left, and users.account comes back in migration V2__account.sql (V2__account.sql:1): \"create table users.account (id int)\". " + REMEDY);
  }

  @Test
  void whatOnlyTheRootOfModulithMadeIsListedForNoVersionTellsWhen() throws IOException {
    migration("db/__root/V1__all.sql", "create table users.account (id int);");
    migration("db/users/V3__users_moved_out.sql", LEFT);

    MigrationCheck check = MigrationCheck.of(OWNERSHIP, folder.resolve("db"));
    assertThat(check.violations()).isEmpty();
    assertThat(check.unknown()).extracting(Unknown::location, Unknown::reason).containsExactly(tuple("migration V1__all.sql",
        "module 'users' has left with a migration of another folder, whose history no version puts in order with this one: applied after it, "
            + "this brings users.account back"));
  }

  @Test
  void theRootOfModulithHasAHistoryOfItsOwn() throws IOException {
    migration("db/__root/V1__all.sql", "create table users.account (id int);");
    migration("db/__root/V2__users_moved_out.sql", LEFT);
    migration("db/__root/V3__again.sql", "create table users.account (id int);");
    migration("db/orders/V9__own.sql", "create table orders.item (id int);");

    assertThat(MigrationCheck.of(OWNERSHIP, folder.resolve("db")).violations()).extracting(Finding::source).containsExactly("V3__again.sql:1");
  }

  private static final String XML = "<databaseChangeLog>\n%s\n</databaseChangeLog>";
  private static final String SET = "<changeSet id='%s' author='a'>%s</changeSet>\n";
  private static final String TABLE = "<createTable schemaName='users' tableName='account'/>";

  /** The parent is the only one that tells which of the others is run when. */
  @Test
  void itsTablesCannotComeBackByAChangelogThatIsIncludedLater() throws IOException {
    migration("db/changelog/master.xml", XML.formatted("<include file='1-tables.xml' relativeToChangelogFile='true'/>\n"
        + SET.formatted("2", "<sqlFile path='db/changelog/users-moved-out.sql' splitStatements='false'/>") + "<include file='db/changelog/0-later.xml'/>"));
    migration("db/changelog/1-tables.xml", XML.formatted(SET.formatted("1", TABLE)));
    migration("db/changelog/users-moved-out.sql", LEFT);
    migration("db/changelog/0-later.xml", XML.formatted(SET.formatted("3", "<addColumn schemaName='users' tableName='account'/>")
        + SET.formatted("4", "<createTable schemaName='orders' tableName='item'/>")));

    assertThat(messages()).containsExactly("Module 'users' has left, and users.account comes back in migration 0-later.xml (0-later.xml:2): "
        + "\"addColumn schemaName=users, tableName=account\". " + REMEDY);
  }

  @Test
  void itsTablesCannotComeBackByALaterChangeSetOfOneFile() throws IOException {
    migration("db/all.xml", XML.formatted(SET.formatted("1", TABLE) + SET.formatted("2", "<sql splitStatements='false'>\n" + LEFT + "</sql>")
        + SET.formatted("3", "<dropTable schemaName='users' tableName='old'/>\n<rollback><createTable schemaName='users' tableName='old'/></rollback>")
        + SET.formatted("4", TABLE)));
    migration("db/all.yaml", "databaseChangeLog:\n- changeSet:\n    id: 1\n    changes:\n    - createTable: {schemaName: users, tableName: account}\n"
        + "- changeSet:\n    id: 2\n    comment: Module 'users' has left for a service of its own.\n    changes:\n    - sql: drop table users.account\n"
        + "- changeSet:\n    id: 3\n    changes:\n    - createTable: {schemaName: users, tableName: account}\n");

    assertThat(MigrationCheck.of(OWNERSHIP, folder.resolve("db")).violations()).extracting(Finding::source).containsExactly("all.xml:9", "all.yaml:14");
  }

  @Test
  void itsTablesCannotComeBackInFormattedSql() throws IOException {
    migration("db/all.sql", "--liquibase formatted sql\n--changeset a:1\ncreate table users.account (id int);\n--rollback drop table users.account;\n"
        + "--changeset a:2 splitStatements:false\n" + LEFT + "--changeset a:3\ncreate table users.account (id int);\n"
        + "--changeset a:4\ndrop table users.old;\n--rollback create table users.old (id int);\n");

    assertThat(MigrationCheck.of(OWNERSHIP, folder.resolve("db")).violations()).extracting(Finding::source).containsExactly("all.sql:9");
  }

  @Test
  void whatLiquibaseRunsEachTimeComesBackFromBeforeToo() throws IOException {
    migration("db/all.xml", XML.formatted("<changeSet id='1' author='a' runAlways='true'>" + TABLE + "</changeSet>\n" + SET.formatted("2", TABLE)
        + SET.formatted("3", "<comment>Module 'users' has left for a service of its own.</comment>")));

    assertThat(MigrationCheck.of(OWNERSHIP, folder.resolve("db")).violations()).extracting(Finding::source).containsExactly("all.xml:2");
  }

  @Test
  void foldersThatAreIncludedAreRunInTheOrderOfTheirNames() throws IOException {
    migration("db/master.yaml", "databaseChangeLog:\n- includeAll:\n    path: db/changes\n");
    migration("db/changes/01.sql", "create table users.account (id int);");
    migration("db/changes/02.sql", LEFT);
    migration("db/changes/03.sql", "create table users.account (id int);");

    assertThat(MigrationCheck.of(OWNERSHIP, folder.resolve("db")).violations()).extracting(Finding::source).containsExactly("03.sql:1");
  }

  @Test
  void changelogsThatNoParentPutsInOrderAreListed() throws IOException {
    migration("db/left.xml", XML.formatted(SET.formatted("1", "<comment>Module 'users' has left for a service of its own.</comment>")));
    migration("db/other.xml", XML.formatted(SET.formatted("1", TABLE)));

    MigrationCheck check = MigrationCheck.of(OWNERSHIP, folder.resolve("db"));
    assertThat(check.violations()).isEmpty();
    assertThat(check.unknown()).extracting(Unknown::location).containsExactly("migration other.xml");
  }

  /** As the ordinary test of a build sees it, which reads the files beside the classes. */
  @Test
  void aBuildThatReadsTheFilesBesideItsClassesNoticesIt() throws IOException {
    CompiledShop shop = new CompiledShop(folder).with("orders/Report", run("select 1"));
    Path compiled = shop.compiled();
    for (var script : List.of("V3__users_moved_out.sql=" + LEFT, "V4__account.sql=create table users.account (id int);")) {
      Files.writeString(Files.createDirectories(compiled.resolve("db/migration/users")).resolve(script.split("=", 2)[0]), script.split("=", 2)[1]);
    }
    assertThat(SchemaScan.of(OWNERSHIP, compiled).violations()).extracting(Finding::source).containsExactly("V4__account.sql:1");
  }

  private void migration(String file, String sql) throws IOException {
    Files.createDirectories(folder.resolve(file).getParent());
    Files.writeString(folder.resolve(file), sql);
  }

  private List<String> messages() {
    return MigrationCheck.of(OWNERSHIP, folder.resolve("db")).violations().stream().map(Finding::message).toList();
  }

  private static String run(String sql) {
    return "void run(java.sql.Statement s) throws Exception { s.execute(\"%s\"); }".formatted(sql);
  }

  private static List<String> violations(CompiledShop shop) throws IOException {
    return SchemaScan.of(OWNERSHIP, shop.compiled()).violations().stream().map(Finding::message).toList();
  }
}
