package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code ownership init} makes of a code base and a real database. */
class OwnershipInitIntegrationTests {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final DatabaseAddress address = TwoServers.monolith("ownership_init");

  @TempDir private Path folder;

  @BeforeEach
  void createAShop() throws Exception {
    try (Database database = new Database(address)) {
      database.jdbi().useHandle(handle -> handle.createScript("""
          create schema users; create schema orders; create schema logs;
          create table users.account (id int primary key); create table users.forgotten (id int) partition by range (id);
          create table users.forgotten_1 partition of users.forgotten default; create view users.seen as select * from users.account;
          create table orders.item (id int, account int references users.account); create table logs.audit (id int);
          """).execute());
    }
    compile("orders/Items", "insert into orders.item values (1)");
    compile("users/Accounts", "insert into users.account values (1)");
    compile("payments/Payments", "insert into logs.audit values (1)");
  }

  @Test
  void draftsAFileThatTheSameDatabaseIsScannedWith() throws Exception {
    Path file = folder.resolve("schema-ownership.yml");

    assertThat(execute("ownership", "init", "--classes", classes(), "--output", file.toString(), "--database", address.url(), "--user", address.user(),
        "--password=" + address.password())).as(err.toString()).isZero();

    assertThat(file).content().isEqualTo("""
        # Who owns which tables, as the code tells it: by names of schemas, migrations, mappings and writes, in this order. A draft: read it.
        modules:
          orders: { packages: [shop.orders], schemas: [orders] }
          payments: { packages: [shop.payments], schemas: [logs] }
          users: { packages: [shop.users], tables: [users.account] }
        # Nobody creates, maps or writes these: users.forgotten, users.forgotten_1.
        """);
    assertThat(execute("rules", "scan", "--classes", classes(), "--ownership", file.toString(), "--database", address.url(), "--user", address.user(),
        "--password=" + address.password())).isEqualTo(1);
    assertThat(out.toString()).contains("Module 'orders' refers to users.account, which module 'users' owns, in foreign key item_account_fkey of orders.item");
  }

  private void compile(String name, String sql) throws IOException {
    String[] parts = name.split("/");
    Path source = folder.resolve(parts[1] + ".java");
    Files.writeString(source, "package shop.%s; class %s { String sql = \"%s\"; }".formatted(parts[0], parts[1], sql));
    String[] arguments = Stream.of("-d", classes(), source.toString()).toArray(String[]::new);
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments)).isZero();
  }

  private String classes() {
    return folder.resolve("classes").toString();
  }

  private int execute(String... arguments) {
    CommandLine commandLine = Banyan.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
