package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.rules.report.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions and types that a module makes, changes, drops or grants in another one's schema, in migrations and in code. */
class DefinedInAnothersSchemaTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders], default-schema: orders }
        users: { packages: [shop.users], schemas: [users] }
      """);

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      create function SCHEMA.touch() returns int language sql as 'select 1' | changes users.touch()        | 1 functions and policies
      drop function if exists SCHEMA.touch(bigint)                          | changes users.touch()        | 1 functions and policies
      alter function SCHEMA.touch(bigint) owner to app                      | changes users.touch()        | 1 functions and policies
      grant execute on function SCHEMA.touch(bigint) to app                 | refers to users.touch()      | 1 grants
      comment on function SCHEMA.touch(bigint) is 'x'                       | refers to users.touch()      | 1 functions and policies
      create type SCHEMA.status as enum ('new')                             | changes users.status (type)  | 1 types of another module's schema
      alter type SCHEMA.status add value 'old'                              | changes users.status (type)  | 1 types of another module's schema
      drop type SCHEMA.status                                               | changes users.status (type)  | 1 types of another module's schema
      create domain SCHEMA.status as text                                   | changes users.status (type)  | 1 types of another module's schema
      grant usage on type SCHEMA.status to app                              | refers to users.status (type) | 1 grants
      """)
  void areFoundInMigrationsAndInCode(String sql, String said, String readiness) throws IOException {
    String own = sql.replace("SCHEMA", "orders");
    String others = sql.replace("SCHEMA", "users");
    CompiledShop shop = new CompiledShop(folder)
        .withFile("db/migration/orders/V1__clean.sql", own + ";\n" + sql.replace("SCHEMA.", "") + ";\n")
        .withFile("db/migration/orders/V2__violating.sql", others + ";\n")
        .with("orders/Clean", "void run(java.sql.Statement s) throws Exception { s.execute(\"%s\"); }".formatted(own))
        .with("orders/Violating", "void run(java.sql.Statement s) throws Exception { s.execute(\"%s\"); }".formatted(others));

    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.compiled());

    assertThat(scan.violations()).extracting(Finding::message).satisfiesExactlyInAnyOrder(
        message -> assertThat(message).startsWith("Module 'orders' %s, which module 'users' owns, in shop.orders.Violating".formatted(said)),
        message -> assertThat(message).startsWith("Module 'orders' %s, which module 'users' owns, in db/migration/orders/V2__violating.sql".formatted(said)));
    assertThat(Readiness.of(scan)).extracting(Readiness::line).allSatisfy(line -> assertThat(line).contains(readiness.replace('1', '2')));
    assertThat(scan.unknown()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<dropProcedure schemaName='SCHEMA' procedureName='touch'/>", "<dropProcedure procedureName='SCHEMA.touch'/>",
      "<createProcedure schemaName='SCHEMA' procedureName='touch'>create procedure touch() language sql as 'select 1'</createProcedure>",
      "<dropFunction schemaName='SCHEMA' functionName='touch'/>"})
  void areFoundInChangelogs(String change) throws IOException {
    String log = "<databaseChangeLog><changeSet id='1' author='a'>%s</changeSet></databaseChangeLog>";
    CompiledShop shop = new CompiledShop(folder).withFile("orders/clean.xml", log.formatted(change.replace("SCHEMA", "orders")))
        .withFile("orders/violating.xml", log.formatted(change.replace("SCHEMA", "users")));

    assertThat(SchemaScan.of(OWNERSHIP, shop.files()).violations()).extracting(Finding::message).singleElement().asString()
        .startsWith("Module 'orders' changes users.touch(), which module 'users' owns, in orders/violating.xml");
  }

  /** In a folder for all modules the function says whose statement it is, and what its body touches is that one's access. */
  @Test
  void aFunctionTellsWhoseItsStatementIsInAFolderForAllModules() throws IOException {
    CompiledShop shop = new CompiledShop(folder).with("orders/Empty", "").withFile("db/migration/V1__all.sql",
        "create function orders.tidy() returns void language sql as $$ delete from users.account $$;\n");

    assertThat(SchemaScan.of(OWNERSHIP, shop.compiled()).violations()).extracting(Finding::message).singleElement().asString()
        .startsWith("Module 'orders' writes users.account, which module 'users' owns, in db/migration/V1__all.sql");
  }

  @Test
  void comeBackWithAMigrationOfAModuleThatHasLeft() throws IOException {
    SchemaOwnership left = SchemaOwnership.parse("""
        modules:
          orders: { packages: [shop.orders], schemas: [orders] }
          users: { schemas: [users] }
        """);
    CompiledShop shop = new CompiledShop(folder).with("orders/Empty", "").withFile("db/migration/V1__leave.sql", "-- Module 'users' has left for a service of its own.\ndrop schema users cascade;\n")
        .withFile("db/migration/V2__again.sql", "create function users.touch() returns int language sql as 'select 1';\n");

    assertThat(SchemaScan.of(left, shop.compiled()).violations()).extracting(Finding::table).isEqualTo(List.of("users.touch()"));
  }
}
