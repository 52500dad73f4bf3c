package dev.banyan.bench.mover;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;

/** Two embedded servers with everything durable, configured alike. */
final class Servers implements AutoCloseable {

  private final EmbeddedPostgres source;
  private final EmbeddedPostgres target;

  private Servers(EmbeddedPostgres source, EmbeddedPostgres target) {
    this.source = source;
    this.target = target;
  }

  static Servers start() throws IOException {
    return new Servers(server(), server());
  }

  private static EmbeddedPostgres server() throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("wal_level", "logical")
        .setServerConfig("fsync", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("shared_buffers", "512MB")
        .setServerConfig("max_wal_size", "8GB")
        .setServerConfig("max_connections", "100")
        .start();
  }

  /** Creates an empty database on the source's server. */
  DatabaseAddress onSource(String name) {
    return create(source, name);
  }

  /** Creates an empty database on the target's server. */
  DatabaseAddress onTarget(String name) {
    return create(target, name);
  }

  private static DatabaseAddress create(EmbeddedPostgres server, String name) {
    try (Database admin = new Database(address(server, "postgres"))) {
      admin.jdbi().useHandle(handle -> handle.execute("create database " + name));
    }
    return address(server, name);
  }

  private static DatabaseAddress address(EmbeddedPostgres server, String name) {
    return new DatabaseAddress("jdbc:postgresql://localhost:%d/%s".formatted(server.getPort(), name), "postgres", "postgres");
  }

  /** Runs statements, each in a transaction of its own. */
  static void execute(DatabaseAddress address, String script) {
    try (Database database = new Database(address)) {
      database.jdbi().useHandle(handle -> handle.createScript(script).executeAsSeparateStatements());
    }
  }

  /** Returns an address as libpq takes it. */
  static String uri(DatabaseAddress address) {
    return address.url().replace("jdbc:", "").replace("//", "//" + address.user() + "@");
  }

  @Override
  public void close() throws IOException {
    source.close();
    target.close();
  }
}
