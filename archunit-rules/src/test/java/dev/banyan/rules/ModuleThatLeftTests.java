package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module that has left keeps its schema in the ownership, and has no package there any more. */
class ModuleThatLeftTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders] }
        users: { schemas: [users] }
      """);

  @TempDir private Path folder;

  @Test
  void itsTablesStayAnothersForWhoeverIsLeft() throws IOException {
    assertThat(violations(new CompiledShop(folder).with("orders/Report", run("select name from users.account"))))
        .containsExactly("Module 'orders' reads users.account, which module 'users' owns, in shop.orders.Report, method run(Statement) "
            + "(Report.java:1): \"select name from users.account\". "
            + "Ask module 'users' through its interface, or keep a local copy that its events feed.");
  }

  @Test
  void itsCodeCannotComeBack() throws IOException {
    assertThat(violations(new CompiledShop(folder).with("users/Accounts", run("delete from users.account"))))
        .containsExactly("Code of no module writes users.account, which module 'users' owns, in shop.users.Accounts, method run(Statement) "
            + "(Accounts.java:1): \"delete from users.account\". Let module 'users' do it, through its interface.");
  }

  @Test
  void itsFormerMigrationsStayAsTheHistoryThatTheyAre() throws IOException {
    Files.writeString(Files.createDirectories(folder.resolve("db/users")).resolve("V1__account.sql"), "create table users.account (id int);");
    Files.writeString(Files.createDirectories(folder.resolve("db/orders")).resolve("V1__seen.sql"), "create view orders.seen as select * from users.account;");

    assertThat(MigrationCheck.of(OWNERSHIP, folder.resolve("db")).violations()).extracting(Finding::table, Finding::module)
        .hasSize(1).first().asString().contains("users.account", "orders");
  }

  private static String run(String sql) {
    return "void run(java.sql.Statement s) throws Exception { s.execute(\"%s\"); }".formatted(sql);
  }

  private static List<String> violations(CompiledShop shop) throws IOException {
    return SchemaScan.of(OWNERSHIP, shop.compiled()).violations().stream().map(Finding::message).toList();
  }
}
