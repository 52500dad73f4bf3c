package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code check} tells of the border of its module, where it is given the code. */
class CheckCommandIntegrationTests {

  private static final String TRANSACTIONAL = "package org.springframework.transaction.annotation; public @interface Transactional {}";
  private static final String OWN = "package shop.users; class Own { String sql() { return \"select * from users.account where id = 1\"; } }";
  private static final String ITEMS = "package shop.orders; class Items { String sql() { return \"delete from orders.item where id = 1\"; } }";
  private static final String READER = "package shop.orders; class Reader { String sql() { return \"select name from users.account where id = 1\"; } }";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> sources = new ArrayList<>();

  @TempDir
  private Path folder;
  private Database monolith;
  private Path plan;
  private Path ownership;

  @BeforeEach
  void begins() throws IOException {
    DatabaseAddress address = TwoServers.monolith("check_command");
    DatabaseAddress serviceAddress = TwoServers.service("check_command");
    monolith = new Database(address);
    on(monolith, """
        drop schema if exists users cascade; drop schema if exists orders cascade; create schema users; create schema orders;
        create table users.account (id int primary key, name text); create table users.audit (id int primary key);
        create table orders.item (id int primary key, account int)""");
    try (Database service = new Database(serviceAddress)) {
      on(service, "drop schema if exists users cascade; create schema users; create table users.account (id int primary key, name text)");
    }
    plan = Files.writeString(folder.resolve("users.yml"), """
        module: users
        monolith: { database: { url: "%s", user: %s, password: %s } }
        service: { database: { url: "%s", user: %s, password: %s } }
        tables: [users.account]
        """.formatted(address.url(), address.user(), address.password(), serviceAddress.url(), serviceAddress.user(), serviceAddress.password()));
    ownership = Files.writeString(folder.resolve("schema-ownership.yml"), """
        modules:
          orders: { packages: [shop.orders], schemas: [orders] }
          users: { packages: [shop.users], schemas: [users] }
        """);
  }

  @AfterEach
  void ends() {
    monolith.close();
  }

  private static void on(Database database, String sql) {
    database.jdbi().useHandle(handle -> handle.createScript(sql).execute());
  }

  @Test
  void findsNothingWhereTheModuleKeepsToItself() throws Exception {
    assertThat(check(OWN, ITEMS)).isZero();

    assertThat(out.toString().strip()).isEqualTo(
        "Nothing stands in the way of moving 1 tables of module 'users'. Next: banyan run " + plan);
  }

  @Test
  void refusesWhatTheFenceWouldRefuse() throws Exception {
    assertThat(check(OWN, "package shop.orders; class Writer { String sql() { return \"update users.account set name = 'x'\"; } }")).isEqualTo(1);

    assertThat(out.toString().strip()).isEqualTo("""
        Module 'users' cannot be moved:
          module 'orders' writes users.account: shop.orders.Writer, method sql() (Writer.java:1): "update users.account set name = 'x'", \
        needed: none that crosses the border. Let module 'users' do it, through its interface.""");
  }

  @Test
  void refusesAFunctionOfAnotherModuleThatWrites() throws Exception {
    on(monolith, "create function orders.rename() returns void language sql as 'update users.account set name = null'");

    assertThat(check(OWN)).isEqualTo(1);
    assertThat(out.toString()).contains("module 'orders' writes users.account: function orders.rename: its body");
  }

  @Test
  void warnsOfWhatReadsTheTablesOrStaysBehind() throws Exception {
    on(monolith, """
        alter table orders.item add constraint of_account foreign key (account) references users.account;
        create view orders.names as select name from users.account""");

    assertThat(check(READER, "package shop.users; class Audits { String sql() { return \"insert into users.audit (id) values (1)\"; } }",
        "package shop.orders; class Orders { @org.springframework.transaction.annotation.Transactional void run() { new Items().sql(); new Reader().sql(); } }",
        ITEMS)).isZero();

    assertThat(out.toString().lines().filter(line -> line.startsWith("  note: "))).containsExactlyInAnyOrder(
        note("module 'orders' reads users.account: shop.orders.Reader, method sql() (Reader.java:1): \"select name from users.account where id = 1\"",
            "none that crosses the border. Ask module 'users' through its interface, or keep a local copy that its events feed."),
        note("module 'users' writes users.audit: shop.users.Audits, method sql() (Audits.java:1): \"insert into users.audit (id) values (1)\"",
            "none that crosses the border. The table stays behind: move it as well, in the plan, or keep what the module needs of it in a "
                + "table of its own."),
        note("module 'orders' refers to users.account: foreign key of_account of orders.item: FOREIGN KEY (account) REFERENCES users.account(id)",
            "none that crosses the border. Keep the identifier without a foreign key, and check it through the interface of module 'users'."),
        note("module 'orders' reads users.account: view orders.names: its definition",
            "none that crosses the border. Drop it, and keep a table of your own that the events of module 'users' feed."),
        note("transaction of shop.orders.Orders, method run(): touches orders.item, users.account",
            "tables of one module. Instead: commit in one module and let an event carry the rest, with a way to take it back."));
  }

  private static String note(String what, String needed) {
    return "  note: %s, needed: %s".formatted(what, needed);
  }

  @Test
  void answersForProgramsWithTheFactsOfTheScan() throws Exception {
    assertThat(check(List.of("--json"), READER, OWN)).isZero();

    JsonNode answer = new ObjectMapper().readTree(out.toString());
    assertThat(answer.get("clear").asBoolean()).isTrue();
    assertThat(answer.get("unmet")).isEmpty();
    assertThat(answer.at("/warnings/0/condition").asText()).isEqualTo("module 'orders' reads users.account");
    assertThat(answer.at("/border/violations")).hasSize(1);
    assertThat(answer.at("/border/violations/0/location").asText()).isEqualTo("shop.orders.Reader, method sql()");
    assertThat(answer.at("/border/violations/0/kind").asText()).isEqualTo("sql");
    assertThat(answer.at("/border/transactions")).isEmpty();
    assertThat(answer.at("/border/coverage/statements").asInt()).isEqualTo(2);
  }

  @Test
  void refusesAnOwnershipThatDoesNotKnowTheModule() throws Exception {
    Files.writeString(ownership, "modules:\n  orders: { packages: [shop.orders], schemas: [orders] }\n");

    assertThat(check(OWN)).isEqualTo(2);
    assertThat(err.toString()).contains(
        "There is no module 'users' among those that own tables: orders. Give it the same name in both files.");
  }

  @Test
  void refusesClassesWithoutOwnership() {
    assertThat(execute("check", plan.toString(), "--classes", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--ownership=FILE");
  }

  private int check(String... code) throws IOException {
    return check(List.of(), code);
  }

  private int check(List<String> options, String... code) throws IOException {
    for (String each : code) {
      source(each);
    }
    source(TRANSACTIONAL);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null,
        Stream.concat(Stream.of("-g", "-d", classes.toString()), sources.stream()).toArray(String[]::new))).isZero();
    return execute(Stream.concat(Stream.of("check", plan.toString(), "--classes", classes.toString(), "--ownership", ownership.toString()),
        options.stream()).toArray(String[]::new));
  }

  private void source(String text) throws IOException {
    String name = text.replaceAll("(?s)^.*?(?:class|@interface) (\\w+).*$", "$1");
    sources.add(Files.writeString(Files.createDirectories(folder.resolve("src" + sources.size())).resolve(name + ".java"), text).toString());
  }

  private int execute(String... arguments) {
    CommandLine commandLine = Banyan.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
