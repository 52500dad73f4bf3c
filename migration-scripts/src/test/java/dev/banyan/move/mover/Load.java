package dev.banyan.move.mover;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Writers that change table {@code s.t (id bigint, v text)} of the monolith without a pause. */
final class Load implements AutoCloseable {

  private final List<Thread> writers = new ArrayList<>();
  private final AtomicLong commits = new AtomicLong();
  private volatile boolean ended;
  private volatile Throwable failure;

  Load(Move move, int threads, int ids) {
    for (int i = 0; i < threads; i++) {
      Random random = new Random(i);
      Thread thread = new Thread(() -> write(move, random, ids), "load-" + i);
      writers.add(thread);
      thread.start();
    }
  }

  private void write(Move move, Random random, int ids) {
    try (Connection connection = move.space.monolith().connect()) {
      while (!ended) {
        change(connection, random, 1 + random.nextInt(ids));
        commits.incrementAndGet();
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  private static void change(Connection connection, Random random, int id) throws SQLException {
    String sql = switch (random.nextInt(4)) {
      case 0 -> "delete from s.t where id = " + id;
      case 1 -> "insert into s.t (id, v) values (%d, 'again') on conflict (id) do update set v = excluded.v || '!'".formatted(id);
      default -> "update s.t set v = md5(random()::text) where id between %d and %d".formatted(id, id + 3);
    };
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      // Two writers that change the same rows in another order.
      if (!"40P01".equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  long commits() {
    return commits.get();
  }

  /** Waits until it has written so much more. */
  void awaitMore(int more) {
    long enough = commits.get() + more;
    await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(2)).until(() -> {
      if (failure != null) {
        throw new AssertionError(failure);
      }
      return commits.get() >= enough;
    });
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    for (Thread writer : writers) {
      writer.join();
    }
    if (failure != null) {
      throw new AssertionError(failure);
    }
  }
}
