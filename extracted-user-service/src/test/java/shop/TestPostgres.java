package shop;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.test.context.DynamicPropertyRegistry;

/** One PostgreSQL server for all tests of this module, and a new database for each application in them. */
public final class TestPostgres {

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private TestPostgres() {}

  /** Puts an application on a new database. */
  public static void newDatabase(DynamicPropertyRegistry properties) {
    var url = newDatabase();
    properties.add("spring.datasource.url", () -> url);
    properties.add("spring.datasource.username", () -> "postgres");
    properties.add("spring.datasource.password", () -> "");
    properties.add("spring.datasource.hikari.maximum-pool-size", () -> "8");
  }

  /** Makes a role, whose name is its password, and a new database that it owns. */
  public static String newDatabaseOf(String role) {
    execute("create role %1$s login password '%1$s'".formatted(role));
    var url = newDatabase();
    execute("alter database %s owner to %s".formatted("users" + DATABASES.get(), role));
    return url.replaceFirst("\\?.*", "");
  }

  private static void execute(String sql) {
    try (var connection = Server.INSTANCE.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String newDatabase() {
    var name = "users" + DATABASES.incrementAndGet();
    execute("create database " + name);
    return Server.INSTANCE.getJdbcUrl("postgres", name);
  }

  /** Started when the first test asks, closed by its own shutdown hook. */
  private static final class Server {

    static final EmbeddedPostgres INSTANCE = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().setServerConfig("listen_addresses", "127.0.0.1").start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
