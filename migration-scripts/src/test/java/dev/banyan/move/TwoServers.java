package dev.banyan.move;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Two real PostgreSQL servers, the monolith's and the service's, everything durable; one pair for a test run. */
public final class TwoServers {

  private static final EmbeddedPostgres MONOLITH = start();
  private static final EmbeddedPostgres SERVICE = start();

  private TwoServers() {}

  /** Starts another server like these, for a test that ends it. */
  public static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder()
          .setServerConfig("wal_level", "logical")
          .setServerConfig("fsync", "on")
          .setServerConfig("full_page_writes", "on")
          .setServerConfig("synchronous_commit", "on")
          .setServerConfig("max_replication_slots", "20")
          .setServerConfig("max_wal_senders", "20")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Creates an empty database on the monolith's server and returns its address. */
  public static DatabaseAddress monolith(String name) {
    return create(MONOLITH, name);
  }

  /** Creates an empty database on the service's server and returns its address. */
  public static DatabaseAddress service(String name) {
    return create(SERVICE, name);
  }

  /** Kills a server with {@code kill -9} and starts it again on its data. */
  public static void kill(Owner side) {
    Server server = Server.at(address(side == Owner.MONOLITH ? MONOLITH : SERVICE, "postgres").url());
    server.kill();
    server.start();
  }

  private static DatabaseAddress create(EmbeddedPostgres server, String name) {
    DatabaseAddress admin = address(server, "postgres");
    try (Database database = new Database(admin)) {
      database.jdbi().useHandle(handle -> {
        handle.execute("drop database if exists " + name + " with (force)");
        handle.execute("create database " + name);
      });
    }
    return address(server, name);
  }

  private static DatabaseAddress address(EmbeddedPostgres server, String name) {
    return new DatabaseAddress("jdbc:postgresql://localhost:%d/%s".formatted(server.getPort(), name), "postgres", "postgres");
  }
}
