package dev.banyan.rules.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaOwnership;
import fixture.clean.orders.SentByOrders;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
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

  @ParameterizedTest
  @ValueSource(strings = {"data-source", "connection", "meta-data", "statement", "connection-of-statement", "prepared", "statement-of-result"})
  void noWayThatJdbcOpensLeadsPastIt(String way) throws Exception {
    SentByOrders.sendAround(reporting, way, "insert into users.account values (1)");

    assertThat(findings).extracting(finding -> finding.access().verb() + " " + finding.table()).containsExactly("writes users.account");
  }

  @Test
  void tellsOnceWhichModuleTakesWhatTheDriverHasOfItsOwn() throws Exception {
    List<String> told = new ArrayList<>();
    Handler handler = new StreamHandler() {
      @Override
      public synchronized void publish(LogRecord logged) {
        told.add(logged.getMessage());
      }
    };
    Logger logger = Logger.getLogger(SchemaGuard.class.getName());
    logger.addHandler(handler);
    try {
      SentByOrders.sendAround(reporting, "driver", "insert into users.account values (1)");
      SentByOrders.sendAround(reporting, "driver", "insert into users.account values (1)");
      SentByOrders.sendAround(reporting, "connection", "select 1");
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(findings).isEmpty();
    assertThat(told).singleElement().asString().matches("Module 'orders' takes org.h2.jdbc.JdbcConnection out of the wrapped data source, in "
        + "fixture.clean.orders.SentByOrders, method sendAround \\(SentByOrders.java:\\d+\\). What it sends by it is held against nothing: keep to "
        + "JDBC's own interfaces, or see to it that it names no other module's tables.");
  }

  @Test
  void givesBackTheVeryStatementThatAResultIsOf() throws Exception {
    try (Connection connection = reporting.getConnection(); Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select 1")) {
      assertThat(result.getStatement()).isSameAs(statement);
      assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
      assertThat(connection.isWrapperFor(Connection.class)).isTrue();
      assertThat(connection.isWrapperFor(org.h2.jdbc.JdbcConnection.class)).isTrue();
      assertThat(connection.isWrapperFor(DataSource.class)).isFalse();
    }
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
