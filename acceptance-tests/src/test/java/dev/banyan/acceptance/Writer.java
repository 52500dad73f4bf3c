package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Someone who writes with SQL where the moved tables are, a transaction at a time, and keeps book of what was
 * acknowledged. A write that meets the fence is sent to the other side, as an application does that asks for the owner.
 */
final class Writer implements AutoCloseable {

  private static final String FENCED = "ZB001";
  private static final int MOST_CHANGES = 20_000;
  private static final Duration PACE = Duration.ofMillis(4);
  private static final Duration REFUSED_FOR_AT_MOST = Duration.ofSeconds(15);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(30);

  private final Connection[] sides;
  private final Changes changes;
  private final Book book;
  private final Random random;
  private final AtomicInteger[] acknowledged = {new AtomicInteger(), new AtomicInteger()};
  private final Thread thread = new Thread(this::run, "writer");
  private int owner;
  private volatile boolean stopped;
  private volatile @Nullable Exception failure;

  /** What is written next; asked only after everything before has been acknowledged. */
  interface Changes {
    List<Write> next(Random random);
  }

  /**
   * A statement that writes one row and returns its text.
   *
   * @param before the row's name before, empty if it is new
   * @param after the row's name afterwards, empty if it is gone
   */
  record Write(String before, String after, String sql, Object... arguments) {}

  private Writer(Connection monolith, Connection service, Book book, long seed, Changes changes) {
    this.sides = new Connection[] {monolith, service};
    this.book = book;
    this.random = new Random(seed);
    this.changes = changes;
  }

  /** Begins to write, on the monolith's side at first. */
  static Writer start(Move move, Book book, long seed, Changes changes) throws SQLException {
    Writer writer = new Writer(move.monolith(), move.service(), book, seed, changes);
    for (Connection side : writer.sides) {
      side.setAutoCommit(false);
    }
    writer.thread.start();
    return writer;
  }

  private void run() {
    try {
      for (int i = 0; i < MOST_CHANGES && !stopped; i++) {
        perform(changes.next(random));
        LockSupport.parkNanos(PACE.toNanos());
      }
    } catch (SQLException | RuntimeException e) {
      failure = e;
    }
  }

  private void perform(List<Write> change) throws SQLException {
    long deadline = System.nanoTime() + REFUSED_FOR_AT_MOST.toNanos();
    int isolation = random.nextInt(4) == 0 ? Connection.TRANSACTION_REPEATABLE_READ : Connection.TRANSACTION_READ_COMMITTED;
    while (true) {
      try {
        attempt(sides[owner], isolation, change);
        acknowledged[owner].incrementAndGet();
        return;
      } catch (SQLException e) {
        sides[owner].rollback();
        if (!FENCED.equals(e.getSQLState()) || System.nanoTime() > deadline) {
          throw e;
        }
        owner = 1 - owner;
        LockSupport.parkNanos(PACE.toNanos());
      }
    }
  }

  private void attempt(Connection side, int isolation, List<Write> change) throws SQLException {
    side.setTransactionIsolation(isolation);
    String[] texts = new String[change.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = execute(side, change.get(i));
    }
    side.commit();
    for (int i = 0; i < texts.length; i++) {
      book.changed(change.get(i).before(), change.get(i).after(), texts[i]);
    }
  }

  private static String execute(Connection side, Write write) throws SQLException {
    try (var statement = side.prepareStatement(write.sql())) {
      for (int i = 0; i < write.arguments().length; i++) {
        statement.setObject(i + 1, write.arguments()[i]);
      }
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          throw new IllegalStateException("An acknowledged row is not there: " + write);
        }
        return row.getString(1);
      }
    }
  }

  /** Waits until more was acknowledged by the monolith's side. */
  void awaitMoreOnMonolith() {
    awaitMore(0);
  }

  /** Waits until more was acknowledged by the service's side. */
  void awaitMoreOnService() {
    awaitMore(1);
  }

  private void awaitMore(int side) {
    int enough = acknowledged[side].get() + 50;
    await("50 more acknowledged changes").atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10)).until(() -> {
      requireNoFailure();
      return acknowledged[side].get() >= enough;
    });
  }

  private void requireNoFailure() {
    if (failure != null) {
      throw new AssertionError("A write was not acknowledged as it should have been", failure);
    }
  }

  /** Stops after the write under way, and expects that all were acknowledged. */
  void stop() throws InterruptedException {
    stopped = true;
    thread.join(STOPPED_WITHIN.toMillis());
    assertThat(thread.isAlive()).as("a write is stuck").isFalse();
    requireNoFailure();
  }

  @Override
  public void close() throws SQLException, InterruptedException {
    stopped = true;
    thread.join(STOPPED_WITHIN.toMillis());
    for (Connection side : sides) {
      side.close();
    }
  }
}
