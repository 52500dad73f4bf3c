package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.freeze.FreezingArchRule;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;

/** What is known only at run time is listed, never dropped. */
class UnknownStatementsTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");

  static class Whole {
    void run(JdbcTemplate jdbc, String sql) {
      jdbc.update(sql);
    }
  }

  static class Verb {
    void run(JdbcTemplate jdbc, String verb) {
      jdbc.update(verb + " orders.item x");
    }
  }

  static class Table {
    void run(JdbcTemplate jdbc, String table) {
      jdbc.update("delete from " + table + " where id = ?");
    }
  }

  static class Schema {
    void run(JdbcTemplate jdbc, String schema) {
      jdbc.update("delete from " + schema + ".account");
    }
  }

  static class Part {
    void run(JdbcTemplate jdbc, String table) {
      jdbc.update("delete from public." + table);
    }
  }

  static class TableName {
    void run(SimpleJdbcInsert insert, String table) {
      insert.withTableName(table);
    }
  }

  static class Bare {
    void run(JdbcTemplate jdbc) {
      jdbc.update("delete from basket where id = ?");
    }
  }

  static class Query {
    void run(EntityManager entities, String entity) {
      entities.createQuery("select e from " + entity + " e");
    }
  }

  static class Stranger {
    void run(EntityManager entities) {
      entities.createQuery("select s from Stranger s");
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "Whole | … | the statement is put together elsewhere",
      "Verb | … orders.item x | the statement is put together elsewhere",
      "Table | delete from … where id = ? | a table's name is put in at run time",
      "Schema | delete from ….account | a table's name is put in at run time",
      "Part | delete from public.… | a table's name is put in at run time",
      "TableName | … | a table's name is put in at run time",
      "Bare | delete from basket where id = ? | no module owns a table 'basket' by name, and code of no module has no default schema",
      "Query | select e from … e | an entity's name is put in at run time",
      "Stranger | select s from Stranger s | entity 'Stranger' is not among the classes that were read"}, quoteCharacter = '"')
  void areListedWithTheReason(String fixture, String statement, String reason) throws Exception {
    SchemaScan scan = SchemaScan.of(
        new ClassFileImporter().importClasses(Class.forName(UnknownStatementsTests.class.getName() + "$" + fixture)), OWNERSHIP);

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.unknown()).singleElement().satisfies(unknown -> {
      assertThat(unknown.statement()).isEqualTo('"' + statement + '"');
      assertThat(unknown.reason()).isEqualTo(reason);
      assertThat(unknown.line()).isPositive();
    });
    assertThat(scan.coverage()).isEqualTo(new Coverage(1, 0, 0, 1));
  }

  /** The server looks a bare name up on its search path, which may lead to another module. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "schemas: [orders] | true", "schemas: [orders], default-schema: orders | false", "schemas: [orders], tables: [public.basket] | false",
      "tables: [public.item] | false"})
  void aBareNameThatNobodyOwnsIsListedWhereNoDefaultSchemaIsSaid(String owned, boolean listed, @TempDir Path folder) throws IOException {
    SchemaOwnership ownership = SchemaOwnership.parse("modules: { orders: { packages: [shop.orders], %s } }".formatted(owned));
    Path classes = new CompiledShop(folder).with("orders/Report",
        "void run(java.sql.Statement s) throws Exception { s.execute(\"delete from basket\"); }").compiled();

    SchemaScan scan = SchemaScan.of(ownership, classes);

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.coverage()).isEqualTo(listed ? new Coverage(1, 0, 0, 1) : new Coverage(1, 1, 0, 0));
    assertThat(scan.unknown()).extracting(Unknown::reason)
        .isEqualTo(listed ? List.of("no module owns a table 'basket' by name, and module 'orders' has no default-schema") : List.of());
  }

  @Test
  void aBareNameInAFolderForAllModulesIsListedAndNotJudged(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("V1__basket.sql"), "create table basket (item bigint references orders.item);");

    MigrationCheck check = SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, folder);

    assertThat(check.violations()).isEmpty();
    assertThat(check.unknown()).extracting(Unknown::reason)
        .containsExactly("no module owns a table 'basket' by name, and code of no module has no default schema");
  }

  /** Temporary tables lie in no module's schema; what a script has made before was listed with the statement that makes it. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      create temp table basket (id int); insert into basket select 1; drop table basket          | 0
      create temporary table if not exists `"basket"` as select 1; select * from basket          | 0
      declare local temporary table basket (id int); delete from basket                          | 0
      create local temporary table basket (id int); delete from basket                           | 0
      select 1 as id into temp basket; delete from basket                                        | 0
      with basket as (select 1 as id) select * from basket                                       | 0
      create table basket (id int); insert into basket values (1); create index i on basket (id) | 1
      insert into basket values (1); create table basket (id int)                                | 2
      create temp table other (id int); delete from basket                                       | 1
      """)
  void aTableOfTheScriptsOwnIsNotListed(String script, int listed, @TempDir Path folder) throws IOException {
    CompiledShop shop = new CompiledShop(folder).withFile("db/migration/V1__basket.sql", script.replace("`", ""));

    SchemaScan scan = SchemaScan.of(SchemaOwnership.parse("modules: { orders: { packages: [shop.orders], schemas: [orders] } }"), shop.files());

    assertThat(scan.unknown()).hasSize(listed).allSatisfy(unknown -> assertThat(unknown.statement()).contains("basket"));
    assertThat(scan.violations()).isEmpty();
  }

  @Test
  void aTemporaryTableOfOneMethodIsKnownInTheOthersOfItsClass(@TempDir Path folder) throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Report", "void run(java.sql.Statement s) throws Exception {"
        + " s.execute(\"create temp table account (id int)\"); fill(s); }"
        + " void fill(java.sql.Statement s) throws Exception { s.execute(\"insert into account select 1\"); }").compiled();

    SchemaScan scan = SchemaScan.of(SchemaOwnership.parse("modules: { orders: { packages: [shop.orders], schemas: [orders] },"
        + " users: { packages: [shop.users], tables: [public.account] } }"), classes);

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.unknown()).isEmpty();
  }

  /** A build that wants to know can fail on what is not known, or freeze it. */
  @Test
  void aRuleFailsOnWhatIsNotKnownAndMayBeFrozen(@TempDir Path folder) throws IOException {
    String method = "void %s(java.sql.Statement s, String t) throws Exception { s.execute(\"delete from \" + t); }";
    JavaClasses before = new ClassFileImporter().importPath(new CompiledShop(folder.resolve("before")).with("orders/Report", method.formatted("run")).compiled());
    JavaClasses after = new ClassFileImporter().importPath(new CompiledShop(folder.resolve("after"))
        .with("orders/Report", "\n" + method.formatted("run") + method.formatted("more")).withFile("sql/read.sql", "select * from orders.item;").compiled());
    ArchRule rule = SchemaRules.everyTableIsKnown(OWNERSHIP);

    assertThat(rule.evaluate(before).getFailureReport().getDetails()).containsExactly("Not known in shop.orders.Report, method run(Statement, String) "
        + "(Report.java:1): \"delete from …\": a table's name is put in at run time.");
    ArchRule frozen = FreezingArchRule.freeze(rule).persistIn(new InMemoryStore());
    frozen.check(before);
    assertThat(frozen.evaluate(after).getFailureReport().getDetails()).containsExactlyInAnyOrder("Not known in shop.orders.Report, method more(Statement, String) "
        + "(Report.java:2): \"delete from …\": a table's name is put in at run time.",
        "Not known in sql/read.sql, script (read.sql:1): \"select * from orders.item\": no class of a module carries the path of the script.");
  }
}
