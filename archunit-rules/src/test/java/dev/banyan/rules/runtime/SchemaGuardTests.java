package dev.banyan.rules.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaOwnership;
import fixture.clean.orders.SentByOrders;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaGuardTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");

  private final JdbcDataSource database = new JdbcDataSource();
  private final List<Finding> findings = new CopyOnWriteArrayList<>();
  private DataSource reporting = database;

  @BeforeEach
  void createTables() throws SQLException {
    database.setURL("jdbc:h2:mem:guard;DB_CLOSE_DELAY=-1");
    try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
      statement.execute("drop all objects");
      statement.execute("create schema users");
      statement.execute("create table users.account (id bigint)");
      statement.execute("create schema orders");
      statement.execute("create table orders.item (id bigint)");
    }
    reporting = SchemaGuard.reporting(database, OWNERSHIP, findings::add);
  }

  @Test
  void tellsOnceWhichModuleSentWhatFromWhere() throws Exception {
    SentByOrders.send(reporting, "select count(*) from users.account");
    SentByOrders.send(reporting, "select count(*) from users.account");

    assertThat(findings).singleElement().extracting(Finding::message).isEqualTo(
        "Module 'orders' reads users.account, which module 'users' owns, in fixture.clean.orders.SentByOrders, method send "
            + "(SentByOrders.java:16): \"select count(*) from users.account\". Ask module 'users' through its interface, or keep a local copy "
            + "that its events feed.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"send", "prepare", "batch", "after-set-schema"})
  void seesEveryWayToSendAStatement(String way) throws Exception {
    String table = way.equals("after-set-schema") ? "account" : "users.account";

    SentByOrders.send(reporting, way, "insert into " + table + " values (1)");

    assertThat(findings).extracting(finding -> finding.access().verb() + " " + finding.table()).containsExactly("writes users.account");
  }

  @Test
  void refusesWithTheStateOfAMissingRight() throws Exception {
    DataSource refusing = SchemaGuard.refusing(database, OWNERSHIP);

    assertThatThrownBy(() -> SentByOrders.send(refusing, "delete from users.account")).isInstanceOfSatisfying(SQLException.class,
        refused -> assertThat(refused.getSQLState()).isEqualTo("42501")).hasMessageContaining("Let module 'users' do it, through its interface.");
    SentByOrders.send(refusing, "delete from orders.item");
  }

  @Test
  void letsThroughWhatNoModuleSends() throws Exception {
    DataSource refusing = SchemaGuard.refusing(database, OWNERSHIP);

    try (Connection connection = refusing.getConnection(); Statement statement = connection.createStatement()) {
      statement.execute("delete from users.account");
      assertThat(statement.getConnection()).isSameAs(connection);
    }
  }

  @Test
  void throwsWhatTheDatabaseThrows() {
    assertThatThrownBy(() -> SentByOrders.send(reporting, "select * from orders.none")).isInstanceOf(SQLException.class)
        .hasMessageContaining("NONE");
  }
}
