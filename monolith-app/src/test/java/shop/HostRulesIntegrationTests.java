package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The lines for {@code pg_hba.conf} of docs/patterns/ownership.md, as a real server understands them: networks
 * 10.0.x.0/24 are 127.0.x.0/24 here, from which a client may call, and TLS is left out, as the server has no certificate.
 */
class HostRulesIntegrationTests {

  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws IOException, SQLException {
    postgres = EmbeddedPostgres.builder().setServerConfig("listen_addresses", "127.0.0.1").setServerConfig("wal_level", "logical")
        .setServerConfig("password_encryption", "scram-sha-256").start();
    execute("create role shop login password 'of shop'", "create role users login password 'of users'",
        "create role inventory login password 'of inventory'", "create role banyan login replication password 'of banyan'",
        "create role person login password 'of person'", "create database shop", "create database users", "create database inventory");
    var rules = documented().map(line -> line.replace("hostssl", "host   ").replace("10.0.", "127.0."));
    var file = Path.of(setting("hba_file"));
    // For the test itself, which has to come in to stop the server.
    Files.writeString(file, "host all postgres 127.0.0.1/32 trust\n");
    Files.write(file, rules.toList(), StandardOpenOption.APPEND);
    execute("select pg_reload_conf()");
    assertThat(setting("count(*) from pg_hba_file_rules where error is not null")).isEqualTo("0");
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  private static Stream<String> documented() throws IOException {
    var lines = Files.readAllLines(Path.of("../docs/patterns/ownership.md"));
    int first = lines.indexOf("# TYPE  DATABASE   USER       ADDRESS        METHOD");
    return lines.subList(first, lines.size()).stream().takeWhile(line -> !line.startsWith("```"));
  }

  @ParameterizedTest
  @CsvSource({"shop, shop, 127.0.1.7", "users, users, 127.0.2.7", "inventory, inventory, 127.0.3.7",
      "banyan, shop, 127.0.9.7", "banyan, users, 127.0.9.7", "banyan, inventory, 127.0.9.7"})
  void letsOwnersInFromTheirOwnNetwork(String role, String database, String from) {
    assertThatCode(() -> connect(role, database, from, "of " + role)).doesNotThrowAnyException();
    assertThatThrownBy(() -> connect(role, database, from, "guessed")).isInstanceOfSatisfying(SQLException.class,
        e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
  }

  @ParameterizedTest
  @CsvSource({
      // Another's database, from the own network.
      "shop, users, 127.0.1.7", "shop, inventory, 127.0.1.7", "users, shop, 127.0.2.7", "users, inventory, 127.0.2.7", "inventory, users, 127.0.3.7",
      // The own database, from another's network, with the password that is right.
      "shop, shop, 127.0.2.7", "users, users, 127.0.1.7", "inventory, inventory, 127.0.2.7", "banyan, shop, 127.0.1.7",
      // What no line names.
      "shop, postgres, 127.0.1.7", "person, shop, 127.0.1.7", "person, users, 127.0.8.7"})
  void letsNobodyElseIn(String role, String database, String from) {
    assertThatThrownBy(() -> connect(role, database, from, "of " + role)).isInstanceOfSatisfying(SQLException.class,
        e -> assertThat(e.getMessage()).contains("pg_hba.conf rejects connection"));
  }

  /** A logical slot's reader names its database; the lines for physical replicas have nothing to do with it. */
  @ParameterizedTest
  @CsvSource({"shop", "users"})
  void letsTheMoverReplicate(String database) {
    assertThatCode(() -> connect("banyan", database, "127.0.9.7", "of banyan", "replication", "database", "preferQueryMode", "simple"))
        .doesNotThrowAnyException();
  }

  private static void connect(String role, String database, String from, String password, String... more) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", role);
    properties.setProperty("password", password);
    properties.setProperty("localSocketAddress", from);
    for (int i = 0; i < more.length; i += 2) {
      properties.setProperty(more[i], more[i + 1]);
    }
    DriverManager.getConnection("jdbc:postgresql://127.0.0.1:%d/%s?assumeMinServerVersion=15".formatted(postgres.getPort(), database), properties).close();
  }

  private static void execute(String... statements) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection(); var statement = connection.createStatement()) {
      for (var sql : Arrays.asList(statements)) {
        statement.execute(sql);
      }
    }
  }

  private static String setting(String what) throws SQLException {
    var sql = what.contains(" ") ? "select " + what : "show " + what;
    try (var connection = postgres.getPostgresDatabase().getConnection(); var statement = connection.createStatement(); var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
