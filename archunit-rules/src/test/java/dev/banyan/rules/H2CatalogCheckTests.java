package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDate;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class H2CatalogCheckTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.read("ownership.yml", new StringReader("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders] }
        users: { packages: [shop.users], schemas: [users] }
      """), LocalDate.now());

  @Test
  void findsForeignKeysViewsDefaultsAndGrantsThatCross() throws Exception {
    assertThat(SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database("violating", """
        create schema users; create schema orders;
        create table users.account (id bigint primary key);
        create sequence users.account_seq;
        create table orders.item (id bigint default next value for users.account_seq, account bigint constraint item_account references users.account);
        create view orders.named as select a.id from orders.item i join users.account a on a.id = i.account;
        create role orders_app;
        grant select on users.account to orders_app;
        """)).violations()).extracting(f -> f.access().verb() + " " + f.table() + " in " + f.location())
        .containsExactly(
            "refers to users.account in foreign key item_account of orders.item",
            "reads users.account in view orders.named",
            "refers to users.account_seq in default of orders.item.id",
            "refers to users.account in grants to role orders_app");
  }

  @Test
  void findsNothingWhereModulesKeepToThemselves() throws Exception {
    SchemaRules.databaseTouchesOnlyItsOwnSchema(OWNERSHIP, database("clean", """
        create schema orders;
        create table orders.account (id bigint primary key);
        create table orders.item (id bigint auto_increment, account bigint references orders.account);
        create view orders.named as select id from orders.account;
        create role orders_app;
        grant select on orders.account to orders_app;
        """)).check();
  }

  private static JdbcDataSource database(String name, String sql) throws Exception {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
    try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
      for (String each : sql.split(";")) {
        if (!each.isBlank()) {
          statement.execute(each);
        }
      }
    }
    return database;
  }
}
