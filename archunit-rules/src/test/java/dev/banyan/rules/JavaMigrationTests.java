package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Migrations that are classes belong to the module that their folder names, as scripts do. */
class JavaMigrationTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders] }
        users: { packages: [shop.users], schemas: [users] }
      """);

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource({"org/flywaydb/core/api/migration/BaseJavaMigration, class, extends", "org/flywaydb/core/api/migration/JavaMigration, interface, implements",
      "liquibase/change/custom/CustomTaskChange, interface, implements"})
  void crossWhereTheyTouchAnotherModulesSchema(String type, String kind, String inherits) throws IOException {
    assertThat(scan(type, kind, inherits, "users.account").violations()).extracting(Finding::message).containsExactly(
        "Module 'orders' writes users.account, which module 'users' owns, in db.migration.orders.V2__Fill, method run() (V2__Fill.java:1): "
            + "\"update users.account set name = 'x'\". "
            + "Move this to the migrations of module 'users', or keep a table of your own that its events feed.");
  }

  @Test
  void stayAtHomeOtherwise() throws IOException {
    assertThat(scan("org/flywaydb/core/api/migration/BaseJavaMigration", "class", "extends", "orders.item").violations()).isEmpty();
  }

  private SchemaScan scan(String type, String kind, String inherits, String table) throws IOException {
    String name = type.replace('/', '.');
    int dot = name.lastIndexOf('.');
    return SchemaScan.of(OWNERSHIP, new CompiledShop(folder)
        .withSource(type, "package %s; public %s %s {}".formatted(name.substring(0, dot), kind, name.substring(dot + 1)))
        .withSource("db/migration/orders/V2__Fill", "package db.migration.orders; class V2__Fill %s %s { String run() { return \"update %s set name = 'x'\"; } }"
            .formatted(inherits, name, table))
        .compiled());
  }
}
