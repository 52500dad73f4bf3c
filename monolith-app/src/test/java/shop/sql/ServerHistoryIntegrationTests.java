package shop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import shop.TestPostgres;

/** Servers of their own, and what they say of their past. */
class ServerHistoryIntegrationTests {

  @TempDir Path folder;

  /** As after a restart, after a backup was restored or a standby took over, and on another server. */
  @Test
  void isAnotherOneAfterARecoveryAndOnAnotherServerAndNotAfterARestart() throws IOException {
    var first = nameOf();
    assertThat(nameOf()).isEqualTo(first);
    Files.createFile(folder.resolve("recovery.signal"));
    Files.writeString(folder.resolve("postgresql.auto.conf"), "restore_command = 'false'\n", StandardOpenOption.APPEND);
    var recovered = nameOf();
    assertThat(recovered).isNotEqualTo(first);
    assertThat(name(new JdbcTemplate(new DriverManagerDataSource(TestPostgres.newDatabase(), "postgres", "")))).isNotIn(first, recovered);
  }

  /** Also for roles without any rights. */
  @Test
  void isToldToEverybody() {
    var database = new JdbcTemplate(new DriverManagerDataSource(TestPostgres.newDatabase(), "postgres", ""));
    database.execute("do $$ begin if to_regrole('nobody') is null then create role nobody login; end if; end $$");
    var url = TestPostgres.newDatabase();
    assertThat(name(new JdbcTemplate(new DriverManagerDataSource(url, "nobody", "")))).matches("\\d+-[0-9A-F]{8}");
  }

  private String nameOf() throws IOException {
    try (var server = EmbeddedPostgres.builder().setDataDirectory(folder).setCleanDataDirectory(false).start()) {
      return name(new JdbcTemplate(server.getPostgresDatabase()));
    }
  }

  private static String name(JdbcTemplate database) {
    return String.valueOf(database.queryForObject("select " + new ServerHistory(database).name(), String.class));
  }
}
