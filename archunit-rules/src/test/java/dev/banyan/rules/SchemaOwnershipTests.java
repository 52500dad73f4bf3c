package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import java.io.StringReader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaOwnershipTests {

  @TempDir Path folder;

  @Test
  void knowsModulesByTheirLongestPackage() {
    SchemaOwnership ownership = read("""
        modules:
          shop: { packages: [shop] }
          users: { packages: [shop.users], schemas: [Users] }
        """);

    assertThat(ownership.moduleOf("shop.users.Account")).contains("users");
    assertThat(ownership.moduleOf("shop.usersearch.Index")).contains("shop");
    assertThat(ownership.moduleOf("other.Thing")).isEmpty();
  }

  @Test
  void knowsModulesThatShareAPackageByTheirClasses() throws Exception {
    Path file = Files.createDirectories(folder.resolve("orders/shop")).resolve("Order.class");
    Files.write(file, new byte[0]);
    Path jar = folder.resolve("users.jar");
    try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      Files.createDirectories(zip.getPath("/shop"));
      Files.write(zip.getPath("/shop/User.class"), new byte[0]);
    }

    SchemaOwnership ownership = read("""
        modules:
          orders: { packages: [shop], classes: ['%s'], schemas: [orders] }
          users: { classes: ['%s'], schemas: [users] }
        """.formatted(folder.resolve("orders"), jar));

    assertThat(ownership.moduleOf("shop.Order")).contains("orders");
    assertThat(ownership.moduleOf("shop.User")).contains("users");
    assertThatThrownBy(() -> read("modules:\n  users: { classes: [none.jar] }")).hasMessageContaining(
        "line 2: 'none.jar' is neither a directory of classes nor a jar that can be read; it is looked up from ");
  }

  @Test
  void aTableOwnedByNameGoesBeforeItsSchema() {
    SchemaOwnership ownership = read("""
        modules:
          orders: { schemas: [public] }
          users: { tables: [public.account, "public.address_*"] }
        """);

    assertThat(ownership.ownerOf("PUBLIC", "\"Account\"")).contains("users");
    assertThat(ownership.ownerOf("public", "address_2024")).contains("users");
    assertThat(ownership.ownerOf("public", "item")).contains("orders");
    assertThat(ownership.ownerOf("other", "item")).isEmpty();
  }

  @Test
  void looksUpNamesWithoutASchemaInTheDefaultOne() {
    SchemaOwnership ownership = read("""
        modules:
          orders: { schemas: [orders], default-schema: orders }
          users: { tables: [public.account] }
          payments: { schemas: [payments] }
        """);

    assertThat(ownership.foreign(Optional.of("orders"), reads("account"))).isEmpty();
    assertThat(ownership.foreign(Optional.of("payments"), reads("account"))).isPresent();
    assertThat(ownership.foreign(Optional.of("payments"), reads("users"))).isEmpty();
  }

  @Test
  void anExceptionEndsWithItsDay() {
    String text = """
        modules:
          orders: { schemas: [orders] }
          users: { schemas: [users] }
        exceptions:
          - { module: orders, table: users.account, reason: report, until: 2027-01-31 }
        """;

    assertThat(read(text, "2027-01-31").foreign(Optional.of("orders"), reads("users.account"))).isEmpty();
    assertThat(read(text, "2027-02-01").foreign(Optional.of("orders"), reads("users.account"))).isPresent();
  }

  @Test
  void reportsAllThatIsWrongAtOnceWithLines() {
    assertThatThrownBy(() -> read("""
        modules:
          orders:
            package: [shop.orders]
            schemas: orders
          users: { tables: [account] }
        exceptions:
          - { module: orders, table: users.account, until: tomorrow }
        owner: me
        """)).hasMessage(String.join(System.lineSeparator(),
            "ownership.yml, line 8: unknown key 'owner'; known are modules, shared, exceptions",
            "ownership.yml, line 3: unknown key 'package'; known are packages, classes, schemas, tables, default-schema",
            "ownership.yml, line 4: a list is expected here",
            "ownership.yml, line 5: 'account' is no table. Write schema.table; '*' may stand in the table's part.",
            "ownership.yml, line 7: 'reason' is missing",
            "ownership.yml, line 7: 'tomorrow' is no date. Write it as 2027-01-31."));
  }

  @Test
  void refusesASchemaWithTwoOwnersAndAnExceptionForNobody() {
    assertThatThrownBy(() -> read("""
        modules:
          orders: { packages: [shop.orders], schemas: [shop] }
          users: { packages: [shop.users], schemas: [Shop] }
        exceptions:
          - { module: order, table: shop.account, reason: report, until: 2027-01-31 }
        """)).isInstanceOf(IllegalArgumentException.class).hasMessage(String.join(System.lineSeparator(),
            "ownership.yml, line 3: schema 'Shop' belongs to module 'orders' already, in line 2; give it to one of them, and single tables of it to the other",
            "ownership.yml, line 5: there is no module 'order'; there are orders, users"));
  }

  @Test
  void readsAFileWhereThereIsNoResource() throws Exception {
    Path file = Files.writeString(folder.resolve("own.yml"), "modules: { users: { schemas: [users] } }");

    assertThat(SchemaOwnership.load(file.toString()).ownerOf("users", "account")).contains("users");
    assertThatThrownBy(() -> SchemaOwnership.load("nowhere.yml"))
        .hasMessage("'nowhere.yml' is neither on the class path nor a file that can be read");
  }

  private static TableUse reads(String table) {
    return new TableUse(TableName.parse(table), Access.READ, 1);
  }

  private static SchemaOwnership read(String text) {
    return read(text, "2026-11-22");
  }

  private static SchemaOwnership read(String text, String today) {
    return SchemaOwnership.read("ownership.yml", new StringReader(text), LocalDate.parse(today));
  }
}
