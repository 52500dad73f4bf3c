package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many transactions of one row, and one of many rows. */
class TransactionSizesIntegrationTests {

  private static final int WRITERS = 8;
  private static final int TINY = 10_000;
  private static final String TABLE = "create schema s; create table s.item (id int primary key, v text, n int default 0)";

  private static Move inSync(String module) {
    Move move = Move.of(module, "s.item").onBoth(TABLE)
        .onMonolith("insert into s.item select i, 'v' || i, 0 from generate_series(1, 1000) i").start();
    move.awaitPhase(Phase.IN_SYNC);
    return move;
  }

  private static void assertEqual(Move move) {
    assertThat(move.awaitDone(Kind.VERIFY).outcome()).as("the mover said %s", move.said).containsEntry("equal", true);
    String sum = "select concat_ws(' ', count(*), sum(n), md5(string_agg(t::text, ',' order by id))) from s.item t";
    assertThat(move.serviceRows(sum)).isEqualTo(move.monolithRows(sum));
  }

  @Test
  void carriesTenThousandTinyTransactionsOfManyWriters() throws Exception {
    try (Move move = inSync("tiny")) {
      ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
      try {
        List<Future<?>> all = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
          int own = writer;
          all.add(writers.submit(() -> {
            write(move, own);
            return null;
          }));
        }
        for (Future<?> writer : all) {
          writer.get();
        }
      } finally {
        writers.shutdownNow();
      }
      assertThat(move.monolithRows("select sum(n)::text from s.item")).as("every commit counts").containsExactly(Integer.toString(TINY));
      assertEqual(move);
    }
  }

  /** Rows of its own, and rows that all writers change. */
  private static void write(Move move, int writer) throws SQLException {
    try (Connection connection = move.space.monolith().connect(); var statement = connection.createStatement()) {
      // As fast as they go: what is slow otherwise is the source's disk, not what is tested.
      statement.execute("set synchronous_commit = off");
      for (int i = 0; i < TINY / WRITERS; i++) {
        statement.execute(i % 2 == 0
            ? "insert into s.item values (%d, 'of %d', 1)".formatted(10_000 + i * WRITERS + writer, writer)
            : "update s.item set n = n + 1, v = 'by %d' where id = %d".formatted(writer, 1 + i % 1000));
      }
    }
  }

  @Test
  @Tag("thorough")
  void carriesATransactionOfTwoMillionRows() throws Exception {
    try (Move move = inSync("huge")) {
      move.onMonolith("begin; insert into s.item select i, 'v' || i, 1 from generate_series(10001, 2010000) i;"
          + " update s.item set n = 2 where id <= 1000; commit");
      assertEqual(move);
      assertThat(move.serviceRows("select count(*)::text from s.item")).containsExactly("2001000");
    }
  }
}
