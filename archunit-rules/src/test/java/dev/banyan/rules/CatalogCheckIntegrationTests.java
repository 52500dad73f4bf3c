package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.freeze.FreezingArchRule;
import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.Statements;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a real PostgreSQL. */
class CatalogCheckIntegrationTests {

  private static final SchemaOwnership OWNERSHIP = ownership("""
      modules:
        orders: { schemas: [orders] }
        users: { schemas: [users] }
      """);
  private static final SchemaOwnership ADVENTURE_WORKS = ownership("""
      modules:
        humanresources: { schemas: [humanresources, hr] }
        person: { schemas: [person, pe] }
        production: { schemas: [production, pr] }
        purchasing: { schemas: [purchasing, pu] }
        sales: { schemas: [sales, sa] }
      """);

  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @Test
  void tellsEveryObjectThatReachesAnotherModule() throws Exception {
    DataSource database = database("shop", resource("clean") + resource("violating"));

    assertThat(SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database).violations())
        .extracting(f -> f.access().verb() + " " + f.table() + " in " + f.location())
        .containsExactly(
            "refers to users.account in foreign key item_account of orders.item",
            "reads users.address in materialized view orders.cached",
            "reads users.account in view orders.named",
            "writes users.account in trigger copied on users.account",
            "refers to users.account_seq in default of orders.item.id",
            "reads users.account in policy theirs on orders.item",
            "refers to users.address in grants to role PUBLIC",
            "refers to users.account in grants to role orders_app",
            "refers to users.address in grants to role orders_app",
            "refers to users.* in default grants to role orders_app",
            "reads users.address in function orders.bare",
            "writes users.account in function orders.rename");
    assertThatThrownBy(() -> SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database).check())
        .isInstanceOf(AssertionError.class).hasMessageStartingWith("12 objects of the database reach another module's tables:")
        .hasMessageContaining("Module 'orders' refers to users.account, which module 'users' owns, in foreign key item_account of orders.item: "
            + "FOREIGN KEY (account) REFERENCES users.account(id). Keep the identifier without a foreign key, and check it through the interface of module 'users'.");

    assertThat(SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database).violations()).extracting(Finding::message).contains(
        "Everybody refers to users.address, which module 'users' owns, in grants to role PUBLIC: SELECT. "
            + "Revoke it, and grant it to the role of module 'users' alone.",
        "Module 'orders' refers to users.account, which module 'users' owns, in grants to role orders_app: SELECT (name), UPDATE (name). "
            + "Revoke it, once nothing of module 'orders' needs it.");

    drop("shop");
  }

  /** A path names several schemas: the function finds its table in the first that has it. */
  @Test
  void aFunctionFindsABareNameAlongItsPath() throws Exception {
    DataSource database = database("paths", """
        create schema orders; create schema users; create table users.account (id int); create table orders.item (id int);
        create function orders.far() returns void language plpgsql set search_path = orders, users as 'begin delete from account; end';
        create function orders.near() returns void language plpgsql set search_path = orders, users as 'begin delete from item; end';
        """);

    assertThat(SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database).violations())
        .extracting(f -> f.access().verb() + " " + f.table() + " in " + f.location()).containsExactly("writes users.account in function orders.far");
    drop("paths");
  }

  /** What is literal is read, what the body assigns as well; a hole is listed, and not dropped. */
  @Test
  void aFunctionIsReadInWhatItExecutesAndCalls() throws Exception {
    DataSource database = database("dynamic", """
        create schema orders; create schema users; create table users.account (id int); create table orders.item (id int);
        create function users.touch() returns void language sql as 'select 1';
        create function orders.literal() returns void language plpgsql as $$ begin execute 'delete from users.account'; end $$;
        create function orders.assigned() returns void language plpgsql as $$ declare q text := 'delete from users.account'; begin execute q; end $$;
        create function orders.formatted() returns void language plpgsql as $$ begin execute format('delete from %I.%I', 'users', 'account'); end $$;
        create function orders.open(t text) returns void language plpgsql as $$ begin execute format('delete from %I', t); end $$;
        create function orders.half(t text) returns void language plpgsql as $$ begin execute 'delete from users.' || quote_ident(t); end $$;
        create function orders.calling() returns void language plpgsql as $$ begin perform users.touch(), pg_catalog.now(); end $$;
        create function orders.own(t text) returns void language plpgsql as $$ begin execute format('delete from orders.%I where id = %L', t, 1); end $$;
        """);
    SchemaScan scan = SchemaScan.of(OWNERSHIP);
    scan.ask(database);

    assertThat(scan.violations()).extracting(f -> f.access().verb() + " " + f.table() + " in " + f.location()).containsExactly(
        "writes users.account in function orders.assigned", "refers to users.touch() in function orders.calling",
        "writes users.account in function orders.formatted", "writes users.… in function orders.half",
        "writes users.account in function orders.literal");
    assertThat(scan.unknown()).singleElement().satisfies(unknown -> {
      assertThat(unknown.location()).isEqualTo("function orders.open");
      assertThat(unknown.module()).contains("orders");
      assertThat(unknown.reason()).isEqualTo("a table's name in a statement that it executes is put in at run time");
    });
    drop("dynamic");
  }

  /** Everybody may call what nothing was said of; a right that a role was given is said. */
  @Test
  void aRightOnAnotherModulesFunctionIsACrossing() throws Exception {
    DataSource database = database("callable", """
        create schema orders; create schema users;
        create function users.touch(id int) returns void language sql as 'select 1'; create function users.open() returns void language sql as 'select 1';
        create function orders.own() returns void language sql as 'select 1';
        do $$ begin if not exists (select from pg_roles where rolname = 'orders_caller') then create role orders_caller; end if; end $$;
        grant execute on function users.touch(int), orders.own() to orders_caller;
        """);

    assertThat(SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database).violations()).extracting(Finding::message).containsExactly(
        "Module 'orders' refers to users.touch(), which module 'users' owns, in grants to role orders_caller: EXECUTE. "
            + "Revoke it, once nothing of module 'orders' needs it.");
    drop("callable");
  }

  @Test
  void aColumnReachesTheSchemaOfItsType() throws Exception {
    DataSource database = database("types", """
        create schema orders; create schema users; create type users.status as enum ('new'); create type orders.kind as enum ('new');
        create domain users.email as text;
        create table orders.item (id int, status users.status, all_of_them users.status[], kind orders.kind, mail users.email);
        """);

    assertThat(SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database).violations())
        .extracting(f -> f.access().verb() + " " + f.table() + " in " + f.location()).containsExactly(
            "refers to users.status (type) in column orders.item.all_of_them", "refers to users.email (type) in column orders.item.mail",
            "refers to users.status (type) in column orders.item.status");
    drop("types");
  }

  /** Neither is a view or a foreign key, and both reach as far. */
  @Test
  void rulesAndInheritanceReachOtherTables() throws Exception {
    DataSource database = database("rules", """
        create schema orders; create schema users; create table users.account (id int); create table users.audit (id int);
        create table orders.item () inherits (users.account); create table orders.kept (id int);
        create rule noted as on insert to orders.kept do also insert into users.audit values (new.id);
        """);

    assertThat(SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database).violations())
        .extracting(f -> f.access().verb() + " " + f.table() + " in " + f.location())
        .containsExactly("writes users.audit in rule noted on orders.kept", "refers to users.account in inheritance of orders.item");
    drop("rules");
  }

  /** In a test class it is one line, as the rule over classes is. */
  @Test
  void isARuleThatMayBeFrozen() throws Exception {
    DataSource database = database("ruled", resource("clean") + resource("violating"));
    ArchRule rule = SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database);
    JavaClasses none = new ClassFileImporter().importClasses();

    assertThat(rule.evaluate(none).getFailureReport().getDetails()).hasSize(12);
    assertThatThrownBy(() -> rule.check(none)).isInstanceOf(AssertionError.class)
        .hasMessageContaining("Rule 'objects of the database should touch only the schema of their module' was violated (12 times)");

    drop("ruled");
  }

  @Test
  void frozenItKeepsWhatIsThereAndFailsOnWhatComes() throws Exception {
    DataSource database = database("frozen", resource("clean") + resource("violating"));
    InMemoryStore store = new InMemoryStore();

    checkFrozen(database, store);
    execute(database, "drop view orders.named");
    checkFrozen(database, store);
    execute(database, "create view orders.other as select name from users.account");

    assertThatThrownBy(() -> checkFrozen(database, store)).isInstanceOf(AssertionError.class).hasMessageContaining("was violated (1 times)")
        .hasMessageContaining("Module 'orders' reads users.account, which module 'users' owns, in view orders.other");
    execute(database, "drop view orders.other; create view orders.named as select i.id, a.name from orders.item i join users.account a on a.id = i.account");
    assertThatThrownBy(() -> checkFrozen(database, store)).hasMessageContaining("was violated (1 times)").hasMessageContaining("view orders.named");

    drop("frozen");
  }

  private static void checkFrozen(DataSource database, InMemoryStore store) {
    FreezingArchRule.freeze(SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database)).persistIn(store)
        .check(new ClassFileImporter().importClasses());
  }

  @Test
  void findsNothingWhereModulesKeepToThemselves() throws Exception {
    SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database("tidy", resource("clean"))).check();

    drop("tidy");
  }

  @Test
  void findsTheCrossingForeignKeysAndViewReadsOfAdventureWorks() throws Exception {
    Path data = Stream.of("../../shared/data", System.getProperty("banyan.data", "")).map(folder -> Path.of(folder, "adventureworks"))
        .filter(folder -> Files.isRegularFile(folder.resolve("adventureworks-schema.sql"))).findFirst().orElse(Path.of(""));
    assumeTrue(Files.exists(data.resolve("adventureworks-schema.sql")), "AdventureWorks is not here");
    DataSource database = database("adventureworks", schemaOnly(Files.readString(data.resolve("adventureworks-schema.sql"))));

    List<Finding> violations = SchemaRules.databaseTouchesOnlyItsOwnSchema(ADVENTURE_WORKS, database).violations();

    assertThat(lines(violations, Access.REFERENCE, "foreign key (\\S+) of (\\S+)", "$2 -> TABLE ($1)"))
        .hasSize(20).containsExactlyInAnyOrderElementsOf(Files.readAllLines(data.resolve("ground-truth-cross-schema-fks.txt")));
    assertThat(lines(violations, Access.READ, "view (\\S+)", "$1 [v] reads TABLE"))
        .hasSize(53).containsExactlyInAnyOrderElementsOf(Files.readAllLines(data.resolve("ground-truth-cross-schema-views.txt")));
    assertThat(violations).hasSize(73);
  }

  /** Without what only psql understands, and without the few rows of one table that refer to rows which are not there. */
  private static String schemaOnly(String script) {
    String sql = script.replaceAll("(?mi)^(\\\\|set client_encoding).*$", "");
    return Statements.of(sql).stream().map(Statements.Statement::sql).filter(each -> !each.contains("INSERT INTO"))
        .collect(Collectors.joining(";"));
  }

  private static List<String> lines(List<Finding> violations, Access access, String object, String form) {
    return violations.stream().filter(finding -> finding.access() == access && finding.location().matches(object))
        .map(finding -> finding.location().replaceAll(object, form).replace("TABLE", finding.table())).toList();
  }

  private static SchemaOwnership ownership(String yaml) {
    return SchemaOwnership.read("ownership.yml", new StringReader(yaml), LocalDate.now());
  }

  private static DataSource database(String name, String script) throws Exception {
    execute(postgres.getPostgresDatabase(), "create database " + name);
    DataSource database = postgres.getDatabase("postgres", name);
    execute(database, script);
    return database;
  }

  /** Roles are the server's, not the database's. */
  private static void drop(String name) throws Exception {
    execute(postgres.getPostgresDatabase(), "drop database " + name + " with (force)");
    execute(postgres.getPostgresDatabase(), "drop role if exists orders_app; drop role if exists report");
  }

  private static void execute(DataSource database, String sql) throws Exception {
    try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = Objects.requireNonNull(CatalogCheckIntegrationTests.class.getResourceAsStream("/catalog/" + name + ".sql"))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
