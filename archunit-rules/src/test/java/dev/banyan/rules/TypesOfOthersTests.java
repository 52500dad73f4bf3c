package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.rules.draft.OwnershipDraft;
import dev.banyan.rules.report.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enums, domains and composites of another module's schema, in migrations and in statements. */
class TypesOfOthersTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders], tables: [public.kind], default-schema: orders }
        users: { packages: [shop.users], schemas: [users], tables: [public.status] }
      """);

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {
      "create table orders.item (id bigint, status SCHEMA.status not null)",
      "alter table orders.item add column status SCHEMA.status",
      "alter table orders.item alter column status type SCHEMA.status",
      "update orders.item set status = 'new'::SCHEMA.status",
      "update orders.item set status = cast('new' as SCHEMA.status)",
      "create type orders.pair as (id bigint, status SCHEMA.status)",
      "create domain orders.d as SCHEMA.status"})
  void inMigrationsAreCrossings(String sql) throws IOException {
    CompiledShop shop = new CompiledShop(folder)
        .withFile("db/migration/orders/V1__clean.sql", sql.replace("SCHEMA", "orders") + ";\n" + sql.replace("SCHEMA.", "") + ";\n")
        .withFile("db/migration/orders/V2__violating.sql", sql.replace("SCHEMA", "users") + ";\n");

    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.files());

    assertThat(scan.violations()).singleElement().satisfies(finding -> assertThat(finding.message())
        .startsWith("Module 'orders' refers to users.status (type), which module 'users' owns, in db/migration/orders/V2__violating.sql")
        .endsWith("Define a type of your own, or keep the value as a text."));
    assertThat(Readiness.of(scan)).extracting(Readiness::line).allSatisfy(line -> assertThat(line).contains("1 points", "1 types of another module's schema"));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "<addColumn tableName='item'><column name='status' type='SCHEMA.status'/></addColumn>",
      "<createTable tableName='item'><column name='status' type='SCHEMA.status[]'/></createTable>",
      "<modifyDataType tableName='item' columnName='status' newDataType='SCHEMA.status'/>"})
  void inChangelogsAreCrossings(String change) throws IOException {
    String log = "<databaseChangeLog><changeSet id='1' author='a'>%s</changeSet></databaseChangeLog>";
    CompiledShop shop = new CompiledShop(folder)
        .withFile("orders/clean.xml", log.formatted(change.replace("SCHEMA", "orders") + change.replace("SCHEMA.status", "decimal(10, 2)")))
        .withFile("orders/violating.xml", log.formatted(change.replace("SCHEMA", "users")));

    assertThat(SchemaScan.of(OWNERSHIP, shop.files()).violations()).singleElement().satisfies(finding -> assertThat(finding.message())
        .startsWith("Module 'orders' refers to users.status (type), which module 'users' owns, in orders/violating.xml"));
  }

  @Test
  void inCodeAreCrossings() throws IOException {
    String body = "void run(java.sql.Connection c) throws Exception { c.prepareStatement(\"update orders.item set status = ?::%s.status\"); }";
    CompiledShop shop = new CompiledShop(folder).with("orders/Violating", body.formatted("users")).with("orders/Clean", body.formatted("orders"));

    assertThat(SchemaScan.of(OWNERSHIP, shop.compiled()).violations()).singleElement()
        .satisfies(finding -> assertThat(finding.location()).startsWith("shop.orders.Violating"));
  }

  @Test
  void canBeOwnedByNameAsTablesAre() throws IOException {
    CompiledShop shop = new CompiledShop(folder).withFile("db/migration/orders/V1__types.sql",
        "alter table orders.item add a public.kind;\nalter table orders.item add b public.status;\nalter table orders.item add c public.citext;\n");

    assertThat(SchemaScan.of(OWNERSHIP, shop.files()).violations()).extracting(Finding::line).containsExactly(2);
  }

  @Test
  void thatAreMadeInAnothersSchemaAreChanged() throws IOException {
    CompiledShop shop = new CompiledShop(folder).withFile("db/migration/orders/V1__types.sql",
        "create type users.status as enum ('new');\ncreate type orders.kind as enum ('new');\n");

    assertThat(SchemaScan.of(OWNERSHIP, shop.files()).violations()).singleElement()
        .satisfies(finding -> assertThat(finding.message()).startsWith("Module 'orders' changes users.status (type), "));
  }

  @Test
  void areNoTablesOfADraft() throws IOException {
    CompiledShop shop = new CompiledShop(folder).withFile("db/migration/V1__types.sql",
        "create type users.status as enum ('new');\ncreate table users.account (status users.status);\n");

    assertThat(OwnershipDraft.of(SchemaScan.of(SchemaOwnership.none(), shop.files()), List.of())).doesNotContain("status");
  }
}
