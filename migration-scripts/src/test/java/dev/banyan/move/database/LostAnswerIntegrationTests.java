package dev.banyan.move.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.move.Relay;
import dev.banyan.move.TwoServers;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same within TLS, where the socket is below what the driver reads from. */
@Tag("thorough")
class LostAnswerIntegrationTests {

  private static final List<String> CERTIFICATE = List.of("openssl", "req", "-new", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost",
      "-out", "server.crt", "-keyout", "server.key");

  private static String one(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement(); var row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private static DatabaseAddress address(int port) {
    return new DatabaseAddress("jdbc:postgresql://localhost:%d/postgres?sslmode=require".formatted(port), "postgres", "postgres");
  }

  private static void switchTlsOn(EmbeddedPostgres server) throws Exception {
    try (Connection admin = server.getPostgresDatabase().getConnection()) {
      Path directory = Path.of(one(admin, "show data_directory"));
      assertThat(new ProcessBuilder(CERTIFICATE).directory(directory.toFile()).redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor()).isZero();
      new ProcessBuilder("chmod", "600", directory + "/server.key").start().waitFor();
      admin.createStatement().execute("alter system set ssl = on");
      one(admin, "select pg_reload_conf()");
    }
  }

  @Test
  void isNoticedWithinTls() throws Exception {
    try (EmbeddedPostgres server = TwoServers.start(); Relay relay = Relay.to(server.getPort())) {
      switchTlsOn(server);
      try (Database database = new Database(address(relay.port())); Connection own = database.connect()) {
        assertThat(one(own, "select ssl::text from pg_stat_ssl where pid = pg_backend_pid()")).isEqualTo("true");
        assertThat(one(own, "select 'slow' from pg_sleep(12)")).isEqualTo("slow");
        relay.lose(Integer.parseInt(one(own, "select client_port from pg_stat_activity where pid = pg_backend_pid()")));
        assertThatThrownBy(() -> one(own, "select 1")).isInstanceOfSatisfying(SQLException.class,
            e -> assertThat(e.getSQLState()).startsWith("08")).rootCause().hasMessageContaining("the server waits as well");
      }
    }
  }
}
