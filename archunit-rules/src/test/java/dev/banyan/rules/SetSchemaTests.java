package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private SchemaScan scan(String method) throws IOException {
    return SchemaScan.of(OWNERSHIP, new CompiledShop(folder).with("orders/Report", method).compiled());
  }
}
