package dev.banyan.move.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.ControlSchema;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Lsn;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The position that an applier begins from. */
class StoredPositionIntegrationTests {

  @Test
  void waitsForAnApplierThatIsAboutToCommit() throws Exception {
    try (Database side = new Database(TwoServers.service("stored_position"))) {
      ControlSchema.installSide(side.dataSource());
      side.jdbi().useHandle(handle -> handle.execute("insert into banyan.side (module, epoch, applied) values ('m', 1, '0/1')"));
      try (var former = side.connectAsApplier(); var statement = former.createStatement()) {
        former.setAutoCommit(false);
        statement.execute("update banyan.side set applied = '0/2' where module = 'm'");
        CompletableFuture<Lsn> next = CompletableFuture.supplyAsync(() -> StoredPosition.settled(side, "m"));
        await().until(() -> side.jdbi().withHandle(handle -> handle.createQuery(
            "select exists (select from pg_locks where not granted)").mapTo(Boolean.class).one()));
        assertThat(StoredPosition.read(side, "m")).isEqualTo(Lsn.parse("0/1"));
        former.commit();
        assertThat(next.get()).isEqualTo(Lsn.parse("0/2"));
      }
    }
  }

  @Test
  void leavesWhatIsAppliedToTheServer() throws Exception {
    try (Database owner = new Database(TwoServers.monolith("skipped_position"))) {
      owner.jdbi().useHandle(handle -> {
        handle.execute("create table public.t (id int primary key)");
        handle.execute("create publication skipped_position for table public.t");
        handle.execute("select pg_create_logical_replication_slot('skipped_position', 'pgoutput')");
        handle.execute("insert into public.t select generate_series(1, 1000)");
      });
      Lsn applied = Lsn.parse(one(owner, "select pg_current_wal_insert_lsn()::text", String.class));
      owner.jdbi().useHandle(handle -> handle.execute("insert into public.t values (2000)"));
      assertThat(inserts(owner)).isEqualTo(1001);

      StoredPosition.skipApplied(owner, "skipped_position", applied);
      StoredPosition.skipApplied(owner, "skipped_position", applied);

      assertThat(inserts(owner)).isEqualTo(1);
      StoredPosition.requireNoGap(owner, "skipped_position", applied);
      owner.jdbi().useHandle(handle -> handle.execute("select pg_drop_replication_slot('skipped_position')"));
    }
  }

  @Test
  void refusesAnOwnerWhoseLogEndsBeforeWhatIsApplied() throws Exception {
    try (Database owner = new Database(TwoServers.monolith("former_position"))) {
      owner.jdbi().useHandle(handle -> handle.execute("select pg_create_logical_replication_slot('former_position', 'pgoutput')"));
      assertThatThrownBy(() -> StoredPosition.requireNoGap(owner, "former_position", Lsn.parse("FFFF/0")))
          .isInstanceOf(GapException.class).hasMessageContaining("set back");
      owner.jdbi().useHandle(handle -> handle.execute("select pg_drop_replication_slot('former_position')"));
    }
  }

  private static long inserts(Database owner) {
    return one(owner, """
        select count(*) from pg_logical_slot_peek_binary_changes('skipped_position', null, null, 'proto_version', '1',
          'publication_names', 'skipped_position') where get_byte(data, 0) = ascii('I')""", Long.class);
  }

  private static <T> T one(Database database, String query, Class<T> type) {
    return database.jdbi().withHandle(handle -> handle.createQuery(query).mapTo(type).one());
  }
}
