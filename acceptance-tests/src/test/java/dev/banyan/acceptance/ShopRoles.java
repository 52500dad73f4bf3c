package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.cli.Banyan;
import dev.banyan.demo.stage.Server;
import dev.banyan.demo.stage.Stage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Who gets into which database, and with the roles that {@code banyan roles} prints, into which schema of one. */
final class ShopRoles {

  private static final List<String> MODULES = List.of("users", "orders", "payments", "inventory", "reporting");
  private static final String OWNERSHIP = "../monolith-app/src/test/resources/schema-ownership.yml";

  private final Stage stage;
  private final ShopSetting setting;

  ShopRoles(Stage stage, ShopSetting setting) {
    this.stage = stage;
    this.setting = setting;
  }

  /** Also where the other side's server has a role of that name, with the same password. */
  void expectOwnDatabasesOnly() throws SQLException {
    expectRefused(stage.serviceServer(), "users", "shop");
    expectRefused(stage.monolithServer(), "shop", "users");
    if (setting == ShopSetting.USERS_AND_INVENTORY_OUT) {
      expectRefused(stage.serviceServer(), "users", "inventory");
      expectRefused(stage.serviceServer(), "inventory", "users");
      expectRefused(stage.serviceServer(), "inventory", "shop");
      expectRefused(stage.monolithServer(), "shop", "inventory");
    }
  }

  private static void expectRefused(Server server, String database, String role) throws SQLException {
    server.execute("postgres", "do $$ begin if to_regrole('%1$s') is null then create role %1$s login password '%1$s'; end if; end $$".formatted(role));
    assertThatThrownBy(() -> DriverManager.getConnection(server.url(database), role, role).close()).as(role + " at " + database)
        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
  }

  /** All of it is taken back. */
  void expectOwnSchemasOnly() throws SQLException {
    try (Connection connection = stage.monolithServer().connect("shop"); Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(script());
      for (String module : MODULES) {
        statement.execute("create schema of_%1$s authorization %1$s".formatted(module));
        for (String schema : MODULES) {
          expect(connection, module, schema);
        }
      }
      connection.rollback();
    }
  }

  private void expect(Connection connection, String module, String schema) throws SQLException {
    List<String> tables = tables(connection, schema);
    assertThat(tables).as(schema).isNotEmpty();
    for (String table : tables) {
      for (String sql : List.of("select count(*) from " + table, "explain delete from " + table,
          "create table of_%s.mine (id bigint references %s)".formatted(module, table))) {
        if (!schema.equals(module)) {
          assertThatThrownBy(() -> executeAs(connection, module, sql), module + ": " + sql).isInstanceOfSatisfying(SQLException.class,
              e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("42501"));
        } else if (!sql.startsWith("create")) {
          executeAs(connection, module, sql);
        }
      }
    }
  }

  private static void executeAs(Connection connection, String role, String sql) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      statement.execute("set local role " + role);
      statement.execute(sql);
    } finally {
      connection.rollback(before);
    }
  }

  private static List<String> tables(Connection connection, String schema) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(
        "select oid::regclass::text from pg_class where relkind = 'r' and relnamespace = '%s'::regnamespace".formatted(schema))) {
      while (row.next()) {
        tables.add(row.getString(1));
      }
    }
    return tables;
  }

  /** Without the transaction that it is in otherwise. */
  private static String script() {
    StringWriter script = new StringWriter();
    assertThat(Banyan.commandLine().setOut(new PrintWriter(script, true)).execute("roles", "--ownership", OWNERSHIP)).isZero();
    return script.toString().lines().filter(line -> !List.of("begin;", "commit;").contains(line)).collect(Collectors.joining("\n"));
  }
}
