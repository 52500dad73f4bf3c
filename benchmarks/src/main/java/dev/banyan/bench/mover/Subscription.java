package dev.banyan.bench.mover;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.Lsn;

/** PostgreSQL's own logical replication of the same table. */
final class Subscription {

  private final DatabaseAddress subscriber;

  Subscription(DatabaseAddress source, DatabaseAddress subscriber) {
    this.subscriber = subscriber;
    Servers.execute(subscriber, "create subscription bench connection '%s' publication bench with (copy_data = false, enabled = true)"
        .formatted(Servers.uri(source)));
  }

  void pause() {
    Servers.execute(subscriber, "alter subscription bench disable");
  }

  /** Goes on; returns the seconds from the first change to the last. */
  double catchUp(Lsn end) throws InterruptedException {
    try (Database database = new Database(subscriber)) {
      Lsn before = applied(database);
      database.jdbi().useHandle(handle -> handle.execute("alter subscription bench enable"));
      while (!applied(database).isAfter(before)) {
        Thread.sleep(2);
      }
      long start = System.nanoTime();
      while (end.isAfter(applied(database))) {
        Thread.sleep(2);
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private static Lsn applied(Database database) {
    return Lsn.parse(database.jdbi().withHandle(handle -> handle.createQuery("""
        select pg_replication_origin_progress('pg_' || oid, false)::text from pg_subscription where subname = 'bench'""")
        .mapTo(String.class).findOne().orElse("0/0")));
  }

  void drop() {
    Servers.execute(subscriber, "drop subscription bench");
  }
}
