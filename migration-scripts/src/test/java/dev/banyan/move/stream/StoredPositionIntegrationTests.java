package dev.banyan.move.stream;

import static org.assertj.core.api.Assertions.assertThat;
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
}
