package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetSchemaTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders], default-schema: orders }
        users: { packages: [shop.users], schemas: [users] }
      """);

  @TempDir
  private Path folder;

  @Test
  void aSchemaThatIsSetOnTheConnectionHolds() throws IOException {
    assertThat(scan("void run(java.sql.Connection c) throws Exception {"
        + " c.setSchema(\"users\"); c.createStatement().execute(\"delete from account\"); }").violations()).hasSize(1);
  }

  @Test
  void aSchemaThatIsSetToAHoleMakesBareNamesUnknown() throws IOException {
    assertThat(scan("void run(java.sql.Connection c, String tenant) throws Exception {"
        + " c.setSchema(tenant); c.createStatement().execute(\"delete from account\"); }").unknown()).isNotEmpty();
  }

  @Test
  void aSearchPathThatIsAHoleMakesBareNamesUnknown() throws IOException {
    assertThat(scan("void run(java.sql.Statement s, String tenant) throws Exception {"
        + " s.execute(\"set search_path to \" + tenant); s.execute(\"delete from account\"); }").unknown()).isNotEmpty();
  }

  @Test
  void theElementsOfASchemaAreInIt() throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Empty", "")
        .withFile("db/migration/orders/V1__x.sql", "create schema users create table account (id int);").compiled();

    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, classes).violations()).extracting(Finding::table).contains("users.account");
  }

  /** Each sets a schema of another module's in one method, and names tables without one in another: whose they are cannot be told. */
  @ParameterizedTest
  @ValueSource(strings = {
      "java.sql.Connection c; void init() throws Exception { c.setSchema(\"users\"); }"
          + " void run() throws Exception { c.createStatement().execute(\"delete from account\"); }",
      "java.sql.Statement s; void init() throws Exception { s.execute(\"set search_path to users\"); }"
          + " void run() throws Exception { s.execute(\"delete from account\"); }",
      "void use(java.sql.Connection c) throws Exception { c.setCatalog(\"users\"); }"
          + " void run(java.sql.Connection c) throws Exception { use(c); c.createStatement().execute(\"delete from account\"); }",
      "void run(java.sql.Connection c, boolean old) throws Exception { if (old) { c.setSchema(\"users\"); } else { c.setSchema(\"orders\"); }"
          + " c.createStatement().execute(\"delete from account\"); }",
      "void run(java.sql.Statement s) throws Exception { s.execute(\"set search_path to orders, users\"); s.execute(\"delete from account\"); }"})
  void aSchemaThatMayHoldMakesBareNamesUnknown(String members) throws IOException {
    SchemaScan scan = scan(members);

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.unknown()).extracting(Unknown::statement).containsExactly("\"delete from account\"");
  }

  /** The same with the module's own schema, or with one that is given back. */
  @ParameterizedTest
  @ValueSource(strings = {
      "java.sql.Connection c; void init() throws Exception { c.setSchema(\"orders\"); }"
          + " void run() throws Exception { c.createStatement().execute(\"delete from account\"); }",
      "java.sql.Statement s; void init() throws Exception { s.execute(\"set search_path to orders, public\"); }"
          + " void run() throws Exception { s.execute(\"delete from account\"); }",
      "void run(java.sql.Statement s) throws Exception { s.execute(\"set search_path to users\"); s.execute(\"reset search_path\");"
          + " s.execute(\"delete from account\"); }",
      "void run(java.sql.Statement s) throws Exception { s.execute(\"set search_path to users\"); s.execute(\"set search_path to default\");"
          + " s.execute(\"delete from account\"); }"})
  void aSchemaThatIsTheModulesOwnOrIsGivenBackIsNoMatter(String members) throws IOException {
    SchemaScan scan = scan(members);

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.unknown()).isEmpty();
  }

  @Test
  void aScriptThatGivesTheSearchPathBackMeansItsOwnTablesAgain() throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Empty", "")
        .withFile("db/migration/orders/V1__x.sql", "set search_path to users;\ndelete from account;\nreset search_path;\ncreate table item (id int);")
        .compiled();

    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, classes).violations()).extracting(Finding::table)
        .containsExactly("users.account");
  }

  /** Spring's simple JDBC, told the schema on a line of its own: on an object that the method made, the whole name is known. */
  @ParameterizedTest
  @ValueSource(strings = {
      "void run() { var i = new INSERT(null); i.setSchemaName(\"SCHEMA\"); i.setTableName(\"account\"); }",
      "void run() { var i = new INSERT(null); i.setTableName(\"account\"); i.setSchemaName(\"SCHEMA\"); }",
      "void run() { var i = new INSERT(null); i.withSchemaName(\"SCHEMA\"); i.withTableName(\"account\"); }",
      "void run() { var i = new INSERT(null).withSchemaName(\"SCHEMA\"); i.setTableName(\"account\"); }"})
  void theSchemaOfASimpleInsertMayBeSaidOnALineOfItsOwn(String body) throws IOException {
    SchemaScan scan = inserting(body);

    assertThat(scan.violations()).singleElement().satisfies(finding -> {
      assertThat(finding.message()).startsWith("Module 'orders' writes users.account, ");
      assertThat(finding.location()).startsWith("shop.orders.Violating");
    });
    assertThat(scan.unknown()).isEmpty();
  }

  /** On one that came from elsewhere it is not known which table is meant: never is it taken for the module's own. */
  @ParameterizedTest
  @ValueSource(strings = {
      "void run(INSERT i) { i.setSchemaName(\"SCHEMA\"); i.setTableName(\"account\"); }",
      "INSERT i; void run() { i.setTableName(\"account\"); i.setSchemaName(\"SCHEMA\"); }",
      "final INSERT i = new INSERT(null); void run() { i.withSchemaName(\"SCHEMA\"); i.withTableName(\"account\"); }",
      "void run(liquibase.change.core.CreateTableChange c) { c.setSchemaName(\"SCHEMA\"); c.setTableName(\"account\"); }"})
  void theSchemaOfAnInsertFromElsewhereIsNotPassedOver(String body) throws IOException {
    SchemaScan scan = inserting(body);

    assertThat(scan.violations()).singleElement().satisfies(finding -> {
      assertThat(finding.message()).startsWith("Module 'orders' writes users.…, ");
      assertThat(finding.location()).startsWith("shop.orders.Violating");
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "void run(INSERT i, String s) { i.setSchemaName(s); i.setTableName(\"account\"); }",
      "void run(liquibase.change.core.CreateTableChange c, String s) { c.setSchemaName(s); c.setTableName(\"account\"); }",
      "void run(String s) { var i = new INSERT(null); i.setSchemaName(s); i.setTableName(\"account\"); }"})
  void aSchemaThatIsPutInIsListed(String body) throws IOException {
    SchemaScan scan = inserting(body);

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.unknown()).extracting(Unknown::location).isNotEmpty().allSatisfy(location -> assertThat(location).contains("run("));
  }

  @Test
  void theRestOfLiquibasesChangesIsRead() throws IOException {
    SchemaScan scan = inserting("void run(liquibase.change.core.CreateTableChange c) { c.setReferencedTableName(\"SCHEMA.account\"); }"
        + " Object a = new liquibase.statement.core.RawSqlStatement(\"delete from SCHEMA.address\");");

    assertThat(scan.violations()).extracting(finding -> finding.verb() + " " + finding.table())
        .containsExactlyInAnyOrder("refers to users.account", "writes users.address");
  }

  private SchemaScan inserting(String body) throws IOException {
    String type = "org.springframework.jdbc.core.simple.SimpleJdbcInsert";
    CompiledShop shop = new CompiledShop(folder).withSource("org/springframework/jdbc/core/simple/SimpleJdbcInsert",
        "package org.springframework.jdbc.core.simple; public class SimpleJdbcInsert { public SimpleJdbcInsert(Object source) {}"
            + " public SimpleJdbcInsert withTableName(String s) { return this; } public SimpleJdbcInsert withSchemaName(String s) { return this; }"
            + " public void setTableName(String s) {} public void setSchemaName(String s) {} }")
        .withSource("liquibase/change/core/CreateTableChange", "package liquibase.change.core; public class CreateTableChange {"
            + " public void setTableName(String s) {} public void setSchemaName(String s) {} public void setReferencedTableName(String s) {} }")
        .withSource("liquibase/statement/core/RawSqlStatement", "package liquibase.statement.core; public class RawSqlStatement { public RawSqlStatement(String s) {} }");
    String own = body.replace("INSERT", type);
    return SchemaScan.of(OWNERSHIP, shop.with("orders/Violating", own.replace("SCHEMA", "users")).with("orders/Clean", own.replace("SCHEMA", "orders")).compiled());
  }

  private SchemaScan scan(String method) throws IOException {
    return SchemaScan.of(OWNERSHIP, new CompiledShop(folder).with("orders/Report", method).compiled());
  }
}
