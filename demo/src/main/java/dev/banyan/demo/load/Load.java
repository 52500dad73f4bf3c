package dev.banyan.demo.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Customers: writers that change, create and delete accounts, and readers. Each sends one request after the other, at a
 * bounded rate, and expects each to be answered as if nothing went on.
 */
public final class Load implements AutoCloseable {

  private static final int ACCOUNTS_OF_A_WRITER = 200;
  private static final long WRITE_EVERY_NANOS = 20_000_000;
  private static final long READ_EVERY_NANOS = 10_000_000;

  private final ShopClient shop;
  private final Ledger ledger = new Ledger();
  private final Timeline timeline = new Timeline();
  private volatile String firstFailure = "";
  private volatile @Nullable Acknowledged latest;
  private final List<Thread> threads = new ArrayList<>();
  // Requests share it; who pauses the load has it alone. Fair, so that the pause is not put off for ever.
  private final ReentrantReadWriteLock traffic = new ReentrantReadWriteLock(true);
  private final int accounts;
  private volatile boolean stopped;

  /** The last acknowledged change: an account, the revision it has now, and when that was acknowledged. */
  public record Acknowledged(long account, long revision, long atNanos) {}

  /**
   * Creates the load; {@link #start} begins it.
   *
   * @param shop where the proxy listens
   * @param accounts how many accounts there are, ids from 1
   */
  public Load(URI shop, int accounts) {
    this.shop = new ShopClient(shop);
    this.accounts = accounts;
  }

  /** Starts so many writers and half as many readers. */
  public void start(int writers) {
    start(writers, Math.max(1, writers / 2));
  }

  /** Starts so many writers, of 50 requests a second at most each, and so many readers, of 100. */
  public void start(int writers, int readers) {
    for (int i = 0; i < writers; i++) {
      Writer writer = new Writer(i);
      begin("writer-" + i, WRITE_EVERY_NANOS, writer::write);
    }
    for (int i = 0; i < readers; i++) {
      Random random = new Random(i);
      begin("reader-" + i, READ_EVERY_NANOS, () -> read(random));
    }
  }

  private interface Request {
    void send() throws IOException;
  }

  private void begin(String name, long everyNanos, Request request) {
    Thread thread = new Thread(() -> repeat(everyNanos, request), name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void repeat(long everyNanos, Request request) {
    while (!stopped) {
      long begun = System.nanoTime();
      traffic.readLock().lock();
      try {
        attempt(request);
      } finally {
        traffic.readLock().unlock();
      }
      LockSupport.parkNanos(Math.max(0, everyNanos - (System.nanoTime() - begun)));
    }
  }

  private void attempt(Request request) {
    try {
      request.send();
    } catch (IOException | RuntimeException e) {
      fail(e.toString());
    }
  }

  /** Waits until every request is answered, and sends none until {@link #resume}, which the same thread must call. */
  public void pause() {
    traffic.writeLock().lock();
  }

  /** Goes on after a pause. */
  public void resume() {
    traffic.writeLock().unlock();
  }

  /** Returns what was acknowledged. */
  public Ledger ledger() {
    return ledger;
  }

  /** Returns when it was acknowledged. */
  public Timeline timeline() {
    return timeline;
  }

  /** Returns the last acknowledged change, if there was one. */
  public @Nullable Acknowledged latest() {
    return latest;
  }

  /** Returns what went wrong first; empty where nothing did. */
  public String firstFailure() {
    return firstFailure;
  }

  private synchronized void fail(String what) {
    ledger.failed();
    if (firstFailure.isEmpty()) {
      firstFailure = what;
    }
  }

  private void read(Random random) throws IOException {
    long id = 1 + random.nextInt(accounts);
    ShopClient.Answer answer = shop.get("/api/v1/users/" + id);
    boolean there = answer.status() == 200 && answer.body().path("id").asLong() == id;
    boolean gone = answer.status() == 404 && ledger.isDeleted(id);
    if (there || gone) {
      ledger.read();
    } else {
      fail("GET of account %d: %d %s".formatted(id, answer.status(), answer.body()));
    }
  }

  /** A customer who writes. Its accounts are its own, so it knows which revision comes next. */
  private final class Writer {

    private final int number;
    private final List<Long> own = new ArrayList<>();
    private final Random random;
    private int count;

    Writer(int number) {
      this.number = number;
      this.random = new Random(1_000L + number);
      for (int i = 0; i < ACCOUNTS_OF_A_WRITER; i++) {
        long id = 1L + number * (long) ACCOUNTS_OF_A_WRITER + i;
        if (id <= accounts) {
          own.add(id);
        }
      }
    }

    void write() throws IOException {
      count++;
      if (count % 10 == 0) {
        create();
      } else if (count % 45 == 0 && own.size() > ACCOUNTS_OF_A_WRITER / 2) {
        delete(own.remove(random.nextInt(own.size())));
      } else {
        change(own.get(random.nextInt(own.size())));
      }
    }

    private void create() throws IOException {
      String email = "new-%d-%d@example.org".formatted(number, count);
      long sent = System.nanoTime();
      ShopClient.Answer answer = shop.post("/api/v1/users", Map.of("email", email, "name", "New Ñame " + count,
          "preferences", Map.of("count", count)));
      if (expect(201, answer, "POST", sent)) {
        long id = answer.body().path("id").asLong();
        ledger.created(id);
        own.add(id);
        addAddress(id);
      }
    }

    private void addAddress(long id) throws IOException {
      ShopClient.Answer answer = shop.post("/api/v1/users/%d/addresses".formatted(id),
          Map.of("line1", "Rua " + count, "city", "São Paulo", "country", "BR"));
      if (answer.status() != 201) {
        fail("POST of an address: %d %s".formatted(answer.status(), answer.body()));
      }
    }

    private void change(long id) throws IOException {
      long sent = System.nanoTime();
      ShopClient.Answer answer = shop.put("/api/v1/users/" + id, Map.of("name", "Renamed %d by %d 🌳".formatted(count, number)));
      if (expect(200, answer, "PUT", sent)) {
        ledger.changed(id);
        long revision = answer.body().path("revision").asLong();
        if (revision != ledger.revision(id)) {
          fail("account %d answered revision %d after %d acknowledged changes".formatted(id, revision, ledger.revision(id)));
        }
        latest = new Acknowledged(id, revision, System.nanoTime());
      }
    }

    private void delete(long id) throws IOException {
      ledger.deleting(id);
      long sent = System.nanoTime();
      if (expect(204, shop.delete("/api/v1/users/" + id), "DELETE", sent)) {
        ledger.deleted(id);
      }
    }

    private boolean expect(int status, ShopClient.Answer answer, String method, long sentNanos) {
      if (answer.status() == status) {
        timeline.acknowledged(sentNanos, System.nanoTime());
        return true;
      }
      JsonNode body = answer.body();
      fail("%s: %d %s".formatted(method, answer.status(), body));
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException, IOException {
    stopped = true;
    while (traffic.isWriteLockedByCurrentThread()) {
      resume();
    }
    for (Thread thread : threads) {
      thread.join(30_000);
    }
    shop.close();
  }
}
