package dev.banyan.move.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.move.TwoServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ExportedSnapshotIntegrationTests {

  /** More than the room that a server has for them, which goes with its {@code max_connections}. */
  private static final int MANY = 5_000;
  private static final String AWAITED = "select count(*) > 0 from pg_locks where locktype = 'transactionid' and not granted and transactionid::text::bigint = ?";

  private final Database database = new Database(TwoServers.monolith("exported_snapshot"));

  /**
   * PostgreSQL refuses a snapshot of too many transactions that it has not seen commit ({@code SnapBuildInitialSnapshot}). Here: while
   * it waits for the second time, one begins that goes on, many behind it are rolled back, and one behind these commits.
   */
  @Test
  void isTriedAgainWhereTooManyTransactionsAreUnfinished() throws Exception {
    try (database; Connection first = database.connect(); Connection second = database.connect(); Connection third = database.connect()) {
      long firstOne = begin(first);
      CompletableFuture<Lsn> position = CompletableFuture.supplyAsync(this::position);
      awaitWaitingFor(firstOne);
      long secondOne = begin(second);
      first.commit();
      awaitWaitingFor(secondOne);
      long thirdOne = begin(third);
      database.jdbi().useHandle(handle -> handle.execute("""
          do $$ begin
            for i in 1..%d loop
              begin create temp table rolled_back (); raise exception 'back'; exception when others then null; end;
            end loop;
          end $$""".formatted(MANY)));
      database.jdbi().useHandle(handle -> handle.execute("create table public.committed ()"));
      second.commit();
      awaitWaitingFor(thirdOne);
      third.commit();
      assertThat(position.get().isAfter(Lsn.ZERO)).isTrue();
    }
  }

  private Lsn position() {
    try (ExportedSnapshot snapshot = ExportedSnapshot.temporary(database, "exported_snapshot", Duration.ofSeconds(60))) {
      return snapshot.position();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static long begin(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement(); var row = statement.executeQuery("select pg_current_xact_id()::text::bigint % 4294967296")) {
      row.next();
      return row.getLong(1);
    }
  }

  private void awaitWaitingFor(long transaction) {
    await("the slot's making to wait for transaction " + transaction).atMost(Duration.ofSeconds(20)).until(() -> database.jdbi().withHandle(handle ->
        handle.createQuery(AWAITED).bind(0, transaction).mapTo(Boolean.class).one()));
  }
}
