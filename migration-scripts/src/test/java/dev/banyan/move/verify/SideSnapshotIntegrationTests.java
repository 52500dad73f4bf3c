package dev.banyan.move.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a side's snapshot shows, asked late and by however many connections. */
class SideSnapshotIntegrationTests {

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void showsWhatWasCommittedWhenItWasOpened(int connections) throws Exception {
    try (Database database = new Database(TwoServers.service("snapshot_" + connections)); SideSnapshot snapshot = SideSnapshot.connect(database, connections)) {
      database.jdbi().useHandle(handle -> handle.execute("create table public.t (id int)"));
      snapshot.open();

      database.jdbi().useHandle(handle -> handle.execute("insert into public.t values (1)"));

      assertThat(SideSnapshot.join(snapshot.ask(SideSnapshotIntegrationTests::rows))).isZero();
      snapshot.end();
      snapshot.open();
      assertThat(SideSnapshot.join(snapshot.ask(SideSnapshotIntegrationTests::rows))).isOne();
    }
  }

  private static int rows(Connection side) throws SQLException {
    try (var statement = side.createStatement(); var row = statement.executeQuery("select count(*) from public.t")) {
      row.next();
      return row.getInt(1);
    }
  }
}
