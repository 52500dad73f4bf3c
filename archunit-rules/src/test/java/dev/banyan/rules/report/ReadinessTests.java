package dev.banyan.rules.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.rules.CompiledShop;
import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessTests {

  @TempDir private Path folder;

  private SchemaScan scan = SchemaScan.of(SchemaOwnership.none());

  @BeforeEach
  void scanAShop() throws IOException {
    Path ownership = Files.writeString(folder.resolve("ownership.yml"), """
        modules:
          orders: { packages: [shop.orders], schemas: [orders] }
          payments: { packages: [shop.payments], schemas: [payments] }
          stock: { packages: [shop.stock], schemas: [stock] }
          users: { packages: [shop.users], schemas: [users] }
        """);
    scan = SchemaScan.of(SchemaOwnership.load(ownership.toString()), new CompiledShop(folder)
        .withSource("jakarta/transaction/Transactional", "package jakarta.transaction; public @interface Transactional {}")
        .with("orders/Orders", "String a = \"select * from orders.item i join users.account a on a.id = i.a\"; "
            + "String b = \"select name from users.account where id = 1\"; String c = \"insert into orders.item values (nextval('users.seq'))\";"
            + "public void add(java.sql.Statement s) throws Exception { s.execute(\"delete from orders.item\"); }")
        .with("payments/Payments", "String a = \"update orders.item set paid = true\"; String b = \"select 1 from payments.paid\";"
            + "shop.orders.Orders orders; @jakarta.transaction.Transactional void pay(java.sql.Statement s) throws Exception {"
            + " s.execute(\"insert into payments.paid values (1)\"); orders.add(s); }")
        .with("stock/Stock", "String a = \"select * from stock.level where x = 1\";")
        .with("users/Users", "String a = \"select * from users.account where x = 1\";")
        .withFile("db/migration/orders/V1__items.sql", """
            create table orders.item (id bigint, a bigint references users.account);
            create view orders.named as select * from users.account;
            """)
        .compiled());
  }

  @Test
  void tellsWhatCrossesAndInWhichOrderToTakeModulesOut() {
    assertThat(Readiness.of(scan)).extracting(Readiness::line).containsExactly(
        "stock: ready, nothing crosses its border",
        "payments: 7 points: 1 writes to another module's tables, 1 transactions over several modules",
        "orders: 16 points, 9 once those before it are out: 1 reads of another module's tables, 1 writes to another module's tables, "
            + "1 joins over several modules' tables, 1 foreign keys, 1 views, 1 shared sequences, 1 transactions over several modules",
        "users: 9 points, 0 once those before it are out: 1 reads of another module's tables, 1 joins over several modules' tables, "
            + "1 foreign keys, 1 views, 1 shared sequences");
  }

  /** Code defines as migrations do, and a word in a name or a text defines nothing. */
  @Test
  void tellsKeysViewsAndGrantsFromQueriesWhereverTheyAreDefined(@TempDir Path other) throws IOException {
    SchemaScan defining = SchemaScan.of(SchemaOwnership.load(folder.resolve("ownership.yml").toString()), new CompiledShop(other)
        .with("orders/Setup", "String a = \"alter table orders.item add foreign key (a) references users.account (id)\";"
            + "String b = \"create or replace view orders.named as select * from users.account\";"
            + "String c = \"grant select on users.account to orders\";")
        .withFile("db/migration/orders/V1__items.sql", """
            create table orders.sequence_log (id bigint, a bigint references users.account);
            create table orders.line (id bigint default nextval('users.seq'), a bigint references users.account);
            insert into users.account values ('a trigger, a view and a function ');
            """)
        .compiled());

    assertThat(Readiness.of(defining).get(2).line()).isEqualTo("orders: 10 points: 1 writes to another module's tables, 3 foreign keys, "
        + "1 views, 1 shared sequences, 1 grants");
  }

  /** What looks after a table is no sequence that modules share, and a changelog defines a view as a script does. */
  @Test
  void tellsMaintenanceAndViewsOfChangelogs(@TempDir Path other) throws IOException {
    SchemaScan defining = SchemaScan.of(SchemaOwnership.load(folder.resolve("ownership.yml").toString()), new CompiledShop(other)
        .with("orders/Setup", "void a(java.sql.Statement s) throws Exception { s.execute(\"analyze users.account\"); } String b = \"comment on table users.account is 'a sequence'\";")
        .withFile("db/changelog/orders/V1.xml", "<databaseChangeLog><changeSet id='1'><createView viewName='named' schemaName='orders'>\n"
            + "  select name from users.account</createView></changeSet></databaseChangeLog>")
        .withFile("db/changelog/orders/V2.yaml", "databaseChangeLog:\n- changeSet:\n    changes:\n    - createView:\n"
            + "        viewName: seen\n        selectQuery: select name from users.account\n")
        .withFile("db/changelog/orders/V3.xml", "<databaseChangeLog><changeSet id='1'><createView viewName='whole' fullDefinition='true'>"
            + "create or replace view orders.whole as select name from users.account</createView></changeSet></databaseChangeLog>")
        .withFile("db/migration/orders/V4__analyze.sql", "analyze users.account;")
        .compiled());

    assertThat(defining.violations()).filteredOn(finding -> finding.kind() == Finding.Kind.MIGRATION)
        .extracting(finding -> finding.source() + " " + finding.statement()).containsExactly(
            "V1.xml:2 \"create view orders.named as select name from users.account\"",
            "V2.yaml:4 \"create view seen as select name from users.account\"",
            "V3.xml:1 \"create or replace view orders.whole as select name from users.account\"",
            "V4__analyze.sql:1 \"analyze users.account\"");
    assertThat(Readiness.of(defining).get(2).line())
        .isEqualTo("orders: 12 points: 3 reads of another module's tables, 3 views");
  }

  @ParameterizedTest
  @CsvSource({"foreign key f of orders.item, FOREIGN_KEY", "view orders.v, VIEW", "materialized view orders.v, VIEW", "trigger t on orders.item, TRIGGER",
      "rule r on orders.item, TRIGGER", "column orders.item.status, TYPE", "default of orders.item.id, SEQUENCE", "grants to role app, GRANT",
      "default grants to role app, GRANT", "function orders.f, FUNCTION", "policy p on orders.item, FUNCTION"})
  void tellsWhatAnObjectOfTheCatalogIs(String object, Crossing crossing) {
    assertThat(Crossing.of(new Finding(Optional.of("orders"), "users", TableName.of("users", "account"), Access.REFERENCE, Finding.Kind.CATALOG, object, "", 0, ""), false))
        .isEqualTo(crossing);
  }

  @Test
  void everyLinkOfThePageLeadsToAPlaceOnIt() {
    String page = HtmlPage.of(scan);

    assertThat(Pattern.compile("href=\"#([^\"]+)\"").matcher(page).results().map(match -> match.group(1))).hasSizeGreaterThan(4)
        .allSatisfy(anchor -> assertThat(page).contains("id=\"" + anchor + "\""));
  }

  @Test
  void showsItOnThePage() {
    assertThat(HtmlPage.of(scan)).contains("<li><b>stock</b>: ready, nothing crosses its border</li>",
        "<td>transactions over several modules</td><td class=\"n\">1</td><td class=\"n\">5</td>",
        "<td>over orders, payments</td><td>orders.item, payments.paid</td><td>shop.payments.Payments, method pay(Statement)</td>");
  }
}
