package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Customers who add addresses through the proxy, each with a text of its own, over one connection for each customer. The
 * table would take the same address twice, so it tells what was lost and what was doubled.
 */
final class AddressWriters implements AutoCloseable {

  private static final Duration PACE = Duration.ofMillis(20);

  /** What a customer knows of a write. */
  private enum Outcome {
    /** It is there. */
    ACKNOWLEDGED,
    /** It is not there: the proxy said that it sent nothing, or there was no proxy. */
    REFUSED,
    /** It may be there: the connection ended, or the answer was of another kind. */
    UNKNOWN
  }

  private final URI proxy;
  private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  /** Writes share it; who looks at the tables has it alone. */
  private final ReentrantReadWriteLock traffic = new ReentrantReadWriteLock(true);
  private volatile boolean stopped;
  private volatile @Nullable AssertionError violation;

  AddressWriters(URI proxy, int customers) {
    this.proxy = proxy;
    for (int customer = 1; customer <= customers; customer++) {
      int id = customer;
      Thread thread = new Thread(() -> write(id), "customer-" + id);
      threads.add(thread);
      thread.start();
    }
  }

  private void write(int customer) {
    try (RawConnection connection = new RawConnection(proxy)) {
      for (int i = 0; !stopped; i++) {
        traffic.readLock().lock();
        try {
          write(connection, customer, "chaos %d-%d.".formatted(customer, i));
        } finally {
          traffic.readLock().unlock();
        }
        LockSupport.parkNanos(PACE.toNanos());
      }
    } catch (AssertionError e) {
      violation = e;
    }
  }

  private void write(RawConnection connection, int customer, String text) {
    Outcome outcome = Outcome.UNKNOWN;
    try {
      RawConnection.Answer answer = connection.post("/api/v1/users/%d/addresses".formatted(customer),
          "{\"line1\": \"%s\", \"city\": \"Ítaca\", \"country\": \"GR\"}".formatted(text));
      outcome = outcome(answer, text);
    } catch (ConnectException nobodyThere) {
      outcome = Outcome.REFUSED;
    } catch (IOException e) {
      connection.close();
    }
    outcomes.put(text, outcome);
  }

  private Outcome outcome(RawConnection.Answer answer, String text) {
    if (answer.status() == 201) {
      // An answer too many would be taken for that of the next write.
      assertThat(answer.body()).as("the answer to '%s'", text).contains("\"" + text + "\"");
      acknowledged.incrementAndGet();
      return Outcome.ACKNOWLEDGED;
    }
    boolean notSent = answer.body().contains("It was not sent anywhere") || answer.body().contains("Nothing was sent there");
    return answer.status() == 503 && notSent ? Outcome.REFUSED : Outcome.UNKNOWN;
  }

  /** Waits until many more were acknowledged. */
  void awaitMore() {
    int enough = acknowledged.get() + 20;
    await("20 more acknowledged writes").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10)).until(() -> {
      requireNoViolation();
      return acknowledged.get() >= enough;
    });
  }

  /** Waits until nothing is under way, and sends nothing until {@link #resume}, which the same thread must call. */
  void pause() {
    traffic.writeLock().lock();
    requireNoViolation();
  }

  void resume() {
    traffic.writeLock().unlock();
  }

  /** Expects on the owner's side, while paused, each acknowledged write once, no refused one, and each other one at most once. */
  void expectExactlyOnce(Connection owner) throws SQLException {
    Map<String, Integer> there = read(owner);
    List<String> wrong = new ArrayList<>();
    outcomes.forEach((text, outcome) -> {
      int count = there.getOrDefault(text, 0);
      boolean right = switch (outcome) {
        case ACKNOWLEDGED -> count == 1;
        case REFUSED -> count == 0;
        case UNKNOWN -> count <= 1;
      };
      if (!right) {
        wrong.add("%s %s is there %d times".formatted(outcome, text, count));
      }
    });
    assertThat(wrong).isEmpty();
    // Not by the library's own comparison, which looks through all for each.
    assertThat(outcomes.keySet().containsAll(there.keySet())).as("nothing is there that nobody wrote").isTrue();
  }

  private static Map<String, Integer> read(Connection owner) throws SQLException {
    Map<String, Integer> there = new HashMap<>();
    try (owner; var statement = owner.createStatement();
        var row = statement.executeQuery("select line1, count(*) from users.address where line1 like 'chaos %' group by line1")) {
      while (row.next()) {
        there.put(row.getString(1), row.getInt(2));
      }
    }
    return there;
  }

  /** Returns how many writes ended in which way. */
  String summary() {
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    outcomes.values().forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
    return counts.toString();
  }

  private void requireNoViolation() {
    AssertionError found = violation;
    if (found != null) {
      throw found;
    }
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    if (traffic.isWriteLockedByCurrentThread()) {
      resume();
    }
    for (Thread thread : threads) {
      thread.join(30_000);
    }
  }
}
