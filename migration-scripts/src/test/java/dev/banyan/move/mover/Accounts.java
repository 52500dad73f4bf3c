package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.client.Fence;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.history.Linearizability;
import dev.banyan.move.history.Operation;
import dev.banyan.move.history.Operation.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writers that book on accounts, on whichever side lets them, and remember what they were answered. Each booking adds one to
 * an account and leaves an entry, in one transaction; so it is known in the end of those without an answer whether they
 * took place.
 */
final class Accounts implements AutoCloseable {

  static final String TABLES = """
      create schema s;
      create table s.account (id int primary key, balance bigint not null);
      create table s.entry (operation bigint primary key, account int not null, balance bigint not null);
      """;
  static final String FILL = "insert into s.account select i, 0 from generate_series(1, 8) i";

  private static final int ACCOUNTS = 8;
  private static final long PACE_NANOS = 5_000_000;
  private static final String BOOK = """
      with booked as (update s.account set balance = balance + 1 where id = %2$d returning balance)
      insert into s.entry select %1$d, %2$d, balance from booked returning balance""";

  private record Booking(long number, int account, long begun, long ended, Outcome outcome, long balance) {}

  private enum Outcome { DONE, REFUSED, UNKNOWN }

  private final Move move;
  private final Queue<Booking> bookings = new ConcurrentLinkedQueue<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final List<Thread> writers = new ArrayList<>();
  private volatile boolean ended;

  Accounts(Move move, int threads) {
    this.move = move;
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(this::book, "accounts-" + i);
      writers.add(thread);
      thread.start();
    }
  }

  private void book() {
    Owner side = Owner.MONOLITH;
    Connection connection = null;
    while (!ended) {
      // A load, not a race: the servers have to do with faults as well.
      LockSupport.parkNanos(PACE_NANOS);
      connection = connected(connection, side);
      if (connection == null || !book(connection)) {
        closeQuietly(connection);
        connection = null;
        side = side.other();
      }
    }
    closeQuietly(connection);
  }

  private @Nullable Connection connected(@Nullable Connection connection, Owner side) {
    try {
      return connection != null ? connection : database(side).connect();
    } catch (SQLException e) {
      return null;
    }
  }

  /** Returns whether this side may be asked again. */
  private boolean book(Connection connection) {
    long number = numbers.incrementAndGet();
    int account = (int) (number % ACCOUNTS) + 1;
    long begun = System.nanoTime();
    try (var statement = connection.createStatement(); var row = statement.executeQuery(BOOK.formatted(number, account))) {
      row.next();
      bookings.add(new Booking(number, account, begun, System.nanoTime(), Outcome.DONE, row.getLong(1)));
      done.incrementAndGet();
      return true;
    } catch (SQLException e) {
      bookings.add(new Booking(number, account, begun, System.nanoTime(), Fence.raised(e) ? Outcome.REFUSED : Outcome.UNKNOWN, 0));
      return false;
    }
  }

  private static void closeQuietly(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // Its server is gone, and the connection with it.
    }
  }

  private Database database(Owner side) {
    return side == Owner.MONOLITH ? move.space.monolith() : move.space.service();
  }

  /** Returns how many bookings were acknowledged. */
  long done() {
    return done.get();
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    for (Thread writer : writers) {
      writer.join();
    }
  }

  /**
   * To be asked once the writers have ended and both sides are equal: every acknowledged booking is there once, none that
   * was refused is there, and the balances that were answered are those of one account that accepts one booking at a time.
   */
  void assertNothingLostOrDoubled() {
    Map<Long, Long> entries = new HashMap<>();
    Map<Integer, Long> balances = new HashMap<>();
    move.space.monolith().jdbi().useHandle(handle -> {
      handle.createQuery("select operation, balance from s.entry").map((row, context) -> entries.put(row.getLong(1), row.getLong(2))).list();
      handle.createQuery("select id, balance from s.account").map((row, context) -> balances.put(row.getInt(1), row.getLong(2))).list();
    });
    Map<Integer, List<Operation>> histories = new HashMap<>();
    Set<Long> known = new HashSet<>();
    for (Booking booking : bookings) {
      known.add(booking.number());
      boolean there = entries.containsKey(booking.number());
      switch (booking.outcome()) {
        case DONE -> assertThat(entries).as("acknowledged: %s", booking).containsEntry(booking.number(), booking.balance());
        case REFUSED -> assertThat(there).as("refused: %s", booking).isFalse();
        case UNKNOWN -> { }
      }
      if (there) {
        histories.computeIfAbsent(booking.account(), account -> new ArrayList<>()).add(operation(booking));
      }
    }
    // Not by the library's own comparison, which looks through all for each.
    assertThat(known.containsAll(entries.keySet())).as("nothing is there that nobody booked").isTrue();
    histories.forEach((account, history) -> {
      assertThat(Linearizability.violation(0, history)).as("account %d", account).isEmpty();
      assertThat(balances).containsEntry(account, (long) history.size());
    });
  }

  private static Operation operation(Booking booking) {
    return booking.outcome() == Outcome.DONE
        ? new Operation(booking.begun(), booking.ended(), Kind.INCREMENT, booking.balance())
        : new Operation(booking.begun(), Operation.NEVER, Kind.SILENT_INCREMENT, 0);
  }
}
