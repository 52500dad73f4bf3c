package dev.banyan.rules.draft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.rules.CompiledShop;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.sql.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnershipDraftTests {

  @TempDir private Path folder;

  @BeforeEach
  void compileAShop() throws IOException {
    new CompiledShop(folder)
        .with("orders/Orders", "String a = \"update orders.item set x = 1\"; String b = \"select * from users.account where id = 1\";")
        .with("users/Users", "String a = \"insert into users.account values (1)\"; String b = \"update audit set x = 1\";")
        .with("payments/Payments", "String a = \"update audit set x = 2\"; String b = \"delete from audit where x = 3\";")
        .with("web/Page", "")
        .withFile("db/migration/orders/V1__orders.sql", "create table orders.item (id bigint, u bigint references users.account)")
        .compiled();
  }

  @Test
  void namesModulesByTheirSchemasWhereThereAreNoClasses() throws IOException {
    Path scripts = new CompiledShop(folder.resolve("scripts"))
        .withFile("V1.sql", "create table person.a (id int); create schema sales create table b (id int); create table c (id int);").files();

    String draft = OwnershipDraft.of(SchemaScan.of(SchemaOwnership.none(), scripts), List.of());

    assertThat(draft).contains("  person: { schemas: [person] }\n", "  sales: { schemas: [sales] }\n", "  public: { tables: [public.c] }\n");
    assertThat(SchemaOwnership.parse(draft).moduleNames()).containsExactly("person", "public", "sales");
  }

  @Test
  void givesATableToTheModuleThatCreatesMapsOrWritesIt() {
    assertThat(OwnershipDraft.of(scan(), List.of())).isEqualTo("""
        # Who owns which tables, as the code tells it: by names of schemas, migrations, mappings and writes, in this order. A draft: read it.
        modules:
          orders: { packages: [shop.orders], schemas: [orders] }
          payments: { packages: [shop.payments], tables: [public.audit] }
          users: { packages: [shop.users], schemas: [users] }
          web: { packages: [shop.web] }
        # Several modules claim these; the first one has got it: public.audit (payments; users too).
        """);
  }

  /** Otherwise the module that reads users.account without its schema would be given a table public.account of its own. */
  @Test
  void takesANameWithoutASchemaForTheOnlyTableThatIsCalledSo() throws IOException {
    Path classes = new CompiledShop(folder.resolve("bare")).with("orders/Orders", "String a = \"update account set x = 1 where id = 1\";")
        .with("users/Users", "String a = \"insert into users.account values (1)\";").compiled();

    assertThat(OwnershipDraft.of(SchemaScan.of(SchemaOwnership.none(), classes), List.of()))
        .contains("  orders: { packages: [shop.orders] }\n", "  users: { packages: [shop.users], schemas: [users] }\n")
        .contains("users.account (users; orders too)");
  }

  @Test
  void isAnOwnershipOfItsOwn() {
    assertThat(OwnershipDraft.derived(scan()).moduleNames()).containsExactly("orders", "payments", "users", "web");
  }

  @Test
  void leavesWhatNobodyTouchesToNobody() {
    List<TableName> database = List.of(TableName.of("users", "account"), TableName.of("users", "forgotten"), TableName.of("logs", "audit"));

    assertThat(OwnershipDraft.of(scan(), database))
        .contains("payments: { packages: [shop.payments], schemas: [logs] }", "users: { packages: [shop.users], tables: [users.account] }",
            "# Nobody creates, maps or writes these: users.forgotten.");
  }

  @Test
  void writesAFileThatIsReadAgain() throws IOException {
    Path file = Files.writeString(folder.resolve("schema-ownership.yml"), OwnershipDraft.of(scan(), List.of()));

    SchemaScan scan = SchemaScan.of(SchemaOwnership.load(file.toString()), folder.resolve("classes"));

    assertThat(scan.violations()).extracting(f -> f.module().orElse("") + " " + f.access().verb() + " " + f.table())
        .containsExactlyInAnyOrder("orders reads users.account", "orders refers to users.account", "users writes public.audit");
  }

  private SchemaScan scan() {
    return SchemaScan.of(SchemaOwnership.none(), folder.resolve("classes"));
  }

  /** What another module reads, writes or maps there is its fault, and makes the schema none of its own. */
  @Test
  void givesASchemaToTheModuleOfItsName() throws IOException {
    Path classes = new CompiledShop(folder.resolve("named"))
        .with("orders/Orders", "String a = \"update users.account set x = 1\"; String b = \"delete from users.account where id = 1\";")
        .with("users/Users", "String a = \"select name from users.account where id = 1\";").compiled();

    assertThat(OwnershipDraft.of(SchemaScan.of(SchemaOwnership.none(), classes), List.of()))
        .contains("users: { packages: [shop.users], schemas: [users] }", "orders: { packages: [shop.orders] }");
  }

  @Test
  void takesATableThatIsCreatedForTwoDialectsForOne() throws IOException {
    Path classes = new CompiledShop(folder.resolve("dialects")).with("orders/Orders", "").with("users/Users", "")
        .withFile("db/migration-h2/users/V1__account.sql", "create table person.account (id bigint auto_increment primary key)")
        .withFile("db/migration-postgresql/users/V1__account.sql", "create table person.account (id bigserial primary key)").compiled();

    assertThat(OwnershipDraft.of(SchemaScan.of(SchemaOwnership.none(), classes), List.of()))
        .contains("  users: { packages: [shop.users], schemas: [person] }\n").doesNotContain("claim");
  }
}
