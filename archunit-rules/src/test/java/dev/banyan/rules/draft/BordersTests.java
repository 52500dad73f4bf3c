package dev.banyan.rules.draft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.rules.CompiledShop;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.draft.Borders.Cut;
import dev.banyan.rules.draft.Borders.Group;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BordersTests {

  @TempDir private Path folder;

  @Test
  void groupsWhatIsUsedTogetherAndTellsWhatACutCosts() throws IOException {
    Borders borders = Borders.of(SchemaScan.of(SchemaOwnership.none(), layered()));

    assertThat(borders.groups()).containsExactlyInAnyOrder(
        new Group("orders", Set.of("orders", "order_line", "shipment"), Set.of("shop.dao.OrderDao", "shop.dao.ShipmentDao", "shop.dao.Report")),
        new Group("account", Set.of("account", "address"), Set.of("shop.dao.AccountDao")));
    assertThat(borders.cuts()).singleElement().satisfies(cut -> {
      assertThat(cut).extracting(Cut::statements, Cut::foreignKeys, Cut::transactions, Cut::cost).containsExactly(1, 1, 1, 9);
      assertThat(cut.places()).contains("shop.dao.Report, field a", "shop.service.Checkout, method place()");
    });
  }

  @Test
  void printsWhatFitsATerminal() throws IOException {
    assertThat(Borders.of(SchemaScan.of(SchemaOwnership.none(), layered())).text()).startsWith("""
        2 modules, by what is used together:

        orders
          tables (3)
              order_line, orders, shipment
          code (3)
              shop.dao.OrderDao
              shop.dao.Report
              shop.dao.ShipmentDao

        account
          tables (2)
              account, address
          code (1)
              shop.dao.AccountDao

        What is cut, the dearest first:
          account | orders: 9 points (1 statements, 1 foreign keys, 1 transactions)
        """.replace("\n", System.lineSeparator()));
  }

  @Test
  void namesTheFirstOfManyAndCountsTheRest() {
    Set<String> many = IntStream.range(100, 140).mapToObj(i -> "shop.dao.Access" + i).collect(Collectors.toCollection(TreeSet::new));
    List<String> lines = BorderText.of(List.of(new Group("big", many, many), new Group("small", Set.of("a"), Set.of())), List.of()).lines().toList();

    assertThat(lines).contains("1 module, by what is used together:", "  tables (40)", "  code (40)", "      shop.dao.Access111", "      and 28 more, which --json lists", "No code goes with these tables (1):", "      a")
        .doesNotContain("      shop.dao.Access112");
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    assertThat(String.join("", lines)).contains(many);
  }

  /** Queues and cursors lie beside what they are for, and no statement names them together. */
  @Test
  void tablesWithoutCodeAreOfTheModuleWhoseSchemaTheyLieIn() throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Orders", "String a = \"select * from orders.item where x = 1\";")
        .withFile("db/migration/V1__all.sql", "create table orders.item (id bigint); create table orders.outbox (id bigint); create table audit.log (id bigint);")
        .compiled();

    assertThat(Borders.of(SchemaScan.of(SchemaOwnership.none(), classes)).groups()).containsExactlyInAnyOrder(
        new Group("item", Set.of("orders.item", "orders.outbox"), Set.of("shop.orders")), new Group("log", Set.of("audit.log"), Set.of()));
  }

  /** A mapping says the schema, a statement beside it does not. */
  @Test
  void takesANameWithoutASchemaForTheOnlyTableThatIsCalledSo() throws IOException {
    Path classes = new CompiledShop(folder).with("dao/Accounts", "String a = \"select * from app.account where x = 1\";")
        .with("dao/Report", "String a = \"update account set x = 1\";").compiled();

    assertThat(Borders.of(SchemaScan.of(SchemaOwnership.none(), classes)).groups()).containsExactly(
        new Group("account", Set.of("app.account"), Set.of("shop.dao")));
  }

  /** A monolith whose packages are layers. */
  private Path layered() throws IOException {
    return new CompiledShop(folder)
        .withSource("org/springframework/transaction/annotation/Transactional",
            "package org.springframework.transaction.annotation; public @interface Transactional {}")
        .with("dao/OrderDao", "public void add(java.sql.Statement s) throws Exception { s.execute(\"insert into orders select * from order_line\"); }"
            + " String b = \"select * from orders o join order_line l on l.o = o.id\";")
        .with("dao/ShipmentDao", "String a = \"select * from shipment s join orders o on o.id = s.o\"; String b = \"update shipment set x = 1\";")
        .with("dao/AccountDao", "public void add(java.sql.Statement s) throws Exception { s.execute(\"insert into account values (1)\"); }"
            + " String b = \"select * from account a join address d on d.a = a.id\"; String c = \"select * from address d join account a on a.x = d.x\";")
        .with("dao/Report", "static final String a = \"select * from orders o join account a on a.id = o.a\"; String b = \"select x from orders\";")
        .with("service/Checkout", "shop.dao.OrderDao orders; shop.dao.AccountDao accounts; @org.springframework.transaction.annotation.Transactional"
            + " void place() throws Exception { orders.add(null); accounts.add(null); }")
        .withFile("db/migration/V1__all.sql", """
            create table account (id bigint primary key);
            create table orders (id bigint primary key, a bigint references account);
            create table order_line (o bigint references orders);
            create table shipment (o bigint references orders);
            create table address (a bigint references account);
            """)
        .compiled();
  }
}
