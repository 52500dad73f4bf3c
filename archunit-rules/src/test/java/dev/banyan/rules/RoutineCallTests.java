package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.rules.report.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions and procedures of another module's schema, in every place that calls one. */
class RoutineCallTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders], default-schema: orders }
        users: { packages: [shop.users], schemas: [users] }
      """);

  @TempDir
  private Path folder;

  private CompiledShop shop;

  @BeforeEach
  void writeLibraries() throws IOException {
    String with = "public SimpleJdbcCall %s(String s) { return this; }";
    shop = new CompiledShop(folder)
        .withSource("org/springframework/jdbc/core/simple/SimpleJdbcCall", "package org.springframework.jdbc.core.simple; public class SimpleJdbcCall {"
            + with.formatted("withSchemaName") + with.formatted("withCatalogName") + with.formatted("withProcedureName")
            + with.formatted("withFunctionName") + " public SimpleJdbcCall withReturnValue() { return this; } }")
        .withSource("org/springframework/jdbc/core/simple/SimpleJdbcInsert", "package org.springframework.jdbc.core.simple; public class SimpleJdbcInsert {"
            + " public SimpleJdbcInsert withTableName(String s) { return this; } public SimpleJdbcInsert withSchemaName(String s) { return this; } }")
        .withSource("org/springframework/jdbc/object/StoredProcedure", "package org.springframework.jdbc.object;"
            + " public class StoredProcedure { public StoredProcedure(Object source, String name) {} }")
        .withSource("org/springframework/data/jpa/repository/query/Procedure", "package org.springframework.data.jpa.repository.query;"
            + " public @interface Procedure { String value() default \"\"; String procedureName() default \"\"; String name() default \"\"; }")
        .withSource("org/jooq/impl/DSL", "package org.jooq.impl; public class DSL {"
            + " public static Object function(String name, Class<?> type) { return null; } }");
  }

  private static String in(String body, String schema) {
    return body.replace("SCHEMA", schema);
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "void run(java.sql.Connection c) throws Exception { c.prepareCall(\"{call SCHEMA.touch(?)}\"); }",
      "void run(java.sql.Connection c) throws Exception { c.prepareCall(\"{? = call SCHEMA.touch(?)}\"); }",
      "void run(java.sql.Statement s) throws Exception { s.execute(\"CALL SCHEMA.touch(1)\"); }",
      "void run(java.sql.Statement s) throws Exception { s.executeQuery(\"SELECT SCHEMA.touch(1)\"); }",
      "void run(java.sql.Statement s) throws Exception { s.executeQuery(\"SELECT * FROM SCHEMA.touch(1)\"); }",
      "String sql = \"call SCHEMA.touch(?)\";",
      "Object run(org.springframework.jdbc.core.simple.SimpleJdbcCall c) { return c.withSchemaName(\"SCHEMA\").withProcedureName(\"touch\"); }",
      "Object run(org.springframework.jdbc.core.simple.SimpleJdbcCall c) { return c.withFunctionName(\"touch\").withReturnValue().withSchemaName(\"SCHEMA\"); }",
      "Object run(org.springframework.jdbc.core.simple.SimpleJdbcCall c) { return c.withCatalogName(\"SCHEMA\").withProcedureName(\"touch\"); }",
      "Object run(org.springframework.jdbc.core.simple.SimpleJdbcCall c) { return c.withProcedureName(\"SCHEMA.touch\"); }",
      "static class Touch extends org.springframework.jdbc.object.StoredProcedure { Touch(Object s) { super(s, \"SCHEMA.touch\"); } }",
      "interface R { @org.springframework.data.jpa.repository.query.Procedure(\"SCHEMA.touch\") void touch(); }",
      "interface R { @org.springframework.data.jpa.repository.query.Procedure(procedureName = \"SCHEMA.touch\") void touch(); }",
      "@jakarta.persistence.NamedStoredProcedureQuery(name = \"t\", procedureName = \"SCHEMA.touch\") static class E {}",
      "void run(jakarta.persistence.EntityManager m) { m.createStoredProcedureQuery(\"SCHEMA.touch\"); }",
      "Object run() { return org.jooq.impl.DSL.function(\"SCHEMA.touch\", Long.class); }"})
  void aCallOfAnotherModulesRoutineIsACrossing(String body) throws IOException {
    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.with("orders/Violating", in(body, "users")).with("users/Clean", in(body, "users"))
        .with("orders/Clean", in(body, "orders")).compiled());

    assertThat(scan.violations()).singleElement().satisfies(finding -> {
      assertThat(finding.location()).startsWith("shop.orders.Violating");
      assertThat(finding.message()).startsWith("Module 'orders' calls users.touch(), which module 'users' owns, in ")
          .endsWith("Let module 'users' do it, through its interface.");
    });
    assertThat(Readiness.of(scan)).allSatisfy(each -> assertThat(each.line()).contains("1 functions and policies"));
    assertThat(scan.unknown()).isEmpty();
  }

  @Test
  void anOraclePackageStandsBetweenSchemaAndProcedure() throws IOException {
    String body = "Object run(org.springframework.jdbc.core.simple.SimpleJdbcCall c) {"
        + " return c.withCatalogName(\"api\").withSchemaName(\"users\").withProcedureName(\"touch\"); }";

    assertThat(SchemaScan.of(OWNERSHIP, shop.with("orders/Violating", body).compiled()).violations())
        .singleElement().satisfies(finding -> assertThat(finding.table()).isEqualTo("users.api.touch()"));
  }

  @Test
  void theSchemaMayBeSaidBehindTheTable() throws IOException {
    String body = "Object run(org.springframework.jdbc.core.simple.SimpleJdbcInsert i) { return i.withTableName(\"account\").withSchemaName(\"%s\"); }";

    assertThat(SchemaScan.of(OWNERSHIP, shop.with("orders/Violating", body.formatted("users")).with("orders/Clean", body.formatted("orders")).compiled())
        .violations()).singleElement().satisfies(finding -> assertThat(finding.message()).startsWith("Module 'orders' writes users.account,"));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "void run(java.sql.Connection c) throws Exception { c.prepareCall(\"{call touch(?)}\"); }",
      "void run(java.sql.Statement s) throws Exception { s.executeQuery(\"select pg_catalog.set_config('a', 'b', true), now()\"); }",
      "Object run(org.springframework.jdbc.core.simple.SimpleJdbcCall c) { return c.withProcedureName(\"touch\"); }",
      "void run(jakarta.persistence.EntityManager m) { m.createStoredProcedureQuery(\"touch\"); }"})
  void aRoutineWithoutASchemaIsNobodys(String body) throws IOException {
    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.with("orders/Clean", body).compiled());

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.unknown()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "void run(java.sql.Connection c, String s) throws Exception { c.prepareCall(\"{call \" + s + \".touch(?)}\"); }",
      "void run(jakarta.persistence.EntityManager m, String s) { m.createStoredProcedureQuery(s); }",
      "void run(jakarta.persistence.EntityManager m, String s) { m.createStoredProcedureQuery(s + \".touch\"); }"})
  void aRoutineThatIsPutInIsListed(String body) throws IOException {
    assertThat(SchemaScan.of(OWNERSHIP, shop.with("orders/Open", body).compiled()).unknown()).singleElement()
        .satisfies(unknown -> assertThat(unknown.reason()).isEqualTo("the name of a function or procedure is put in at run time"));
  }

  @Test
  void aRoutineIsNoTableOfADraft() throws IOException {
    shop.with("orders/Violating", "void run(java.sql.Statement s) throws Exception { s.execute(\"CALL users.touch(1)\"); }");

    assertThat(dev.banyan.rules.draft.OwnershipDraft.of(SchemaScan.of(SchemaOwnership.none(), shop.compiled()), java.util.List.of()))
        .doesNotContain("touch");
  }
}
