package dev.banyan.demo.stage;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A real PostgreSQL server of the stage's own, as durable as one in production. */
public final class Server implements AutoCloseable {

  private final EmbeddedPostgres postgres;

  private Server(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /** Starts a server with its data below {@code folder}; {@code walLevel} is {@code logical} for a server that takes part. */
  public static Server start(Path folder, String name, String walLevel) throws IOException {
    // The library would leave an empty folder at its default place.
    System.setProperty("ot.epg.working-dir", folder.resolve("postgres").toString());
    return new Server(EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(folder.resolve("postgres").toFile())
        .setDataDirectory(folder.resolve(name))
        .setCleanDataDirectory(true)
        // Who starts it ends it: a hook of the library's own would run beside that, and neither would wait for the other.
        .setRegisterShutdownHook(false)
        .setServerConfig("wal_level", walLevel)
        // The library's defaults are made for tests that may lose everything, and make decoding late.
        .setServerConfig("fsync", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("listen_addresses", "127.0.0.1")
        .start());
  }

  /** Returns the JDBC URL of a database on this server. */
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(postgres.getPort(), database);
  }

  /** Connects as superuser. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), "postgres", "postgres");
  }

  /** Runs statements as superuser, each in a transaction of its own. */
  public void execute(String database, String... statements) throws SQLException {
    try (Connection connection = connect(database); var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /**
   * Creates a database owned by {@code owner}, and lets role {@code banyan} do there what a move needs and nothing else.
   */
  public void prepare(String database, String owner) throws SQLException {
    execute("postgres", "create role banyan login replication password 'banyan'",
        "grant set on parameter session_replication_role to banyan",
        "grant pg_read_all_stats to banyan");
    add(database, owner);
  }

  /** Creates one more database on a server that was prepared; nobody but its owner and role {@code banyan} may connect to it. */
  public void add(String database, String owner) throws SQLException {
    execute("postgres", "create role %s login password '%s'".formatted(owner, owner),
        "grant %s to banyan".formatted(owner),
        "create database %s owner %s".formatted(database, owner),
        "revoke connect on database %s from public".formatted(database),
        "grant connect, create on database %s to banyan".formatted(database));
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
