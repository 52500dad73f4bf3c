package dev.banyan.bench.mover;

import dev.banyan.bench.race.Race;
import dev.banyan.bench.race.Report;
import dev.banyan.control.Intents.Kind;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.plan.ByteCount;
import dev.banyan.move.plan.Limits;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Lag, verification, what a copy costs the source's clients, and a transaction that does not fit into memory. */
final class CostMeasures {

  private static final String TABLE = "create schema s; create table s.t (id bigint primary key, n bigint not null, a text, b timestamptz)";

  private final Servers servers;
  private final Race race;
  private final Report report;
  private final double scale;

  CostMeasures(Servers servers, Race race, Report report, double scale) {
    this.servers = servers;
    this.race = race;
    this.report = report;
    this.scale = scale;
  }

  /** From the end of a commit on the source to the first look at the target that shows it, at 1,000 transactions/s. */
  void lag() throws Exception {
    try (BenchMove move = inSync("lag", 10_000)) {
      List<Double> medians = new ArrayList<>();
      List<Double> p99s = new ArrayList<>();
      race.repeat("lag at 1,000 transactions/s", run -> {
        Histogram lag = lag(move, (int) (20_000 * scale), run);
        if (run > 0) {
          medians.add(lag.getValueAtPercentile(50) / 1e6);
          p99s.add(lag.getValueAtPercentile(99) / 1e6);
        }
      });
      report.addBounded("lag, commit to visible, median", "ms", medians, 10);
      report.addBounded("lag, commit to visible, p99", "ms", p99s, 50);
      move.cancel();
    }
  }

  /** Writes into a row of its own in each run. */
  private static Histogram lag(BenchMove move, int transactions, int run) throws Exception {
    var committed = new AtomicLongArray(transactions + 1);
    var lag = new Histogram(3);
    CompletableFuture<Void> looking = CompletableFuture.runAsync(() -> look(move, transactions, run + 1, committed, lag));
    write(move, transactions, run + 1, committed);
    looking.get(60, TimeUnit.SECONDS);
    return lag;
  }

  private static void write(BenchMove move, int transactions, int row, AtomicLongArray committed) throws SQLException {
    try (Connection connection = move.source().connect();
        var statement = connection.prepareStatement("update s.t set n = ? where id = " + row)) {
      long next = System.nanoTime();
      for (int i = 1; i <= transactions; i++) {
        statement.setLong(1, i);
        statement.executeUpdate();
        committed.set(i, System.nanoTime());
        next += 1_000_000;
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
  }

  private static void look(BenchMove move, int transactions, int row, AtomicLongArray committed, Histogram lag) {
    try (Connection connection = move.target().connect(); var statement = connection.prepareStatement("select n from s.t where id = " + row)) {
      int seen = 0;
      while (seen < transactions) {
        int now;
        try (var found = statement.executeQuery()) {
          found.next();
          now = (int) found.getLong(1);
        }
        long at = System.nanoTime();
        for (; seen < now; seen++) {
          long since = committed.get(seen + 1);
          // Visible there before the writer has got its answer here.
          lag.recordValue(since == 0 ? 0 : Math.max(0, at - since));
        }
        LockSupport.parkNanos(500_000);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void verify() throws Exception {
    int rows = (int) (2_000_000 * scale);
    try (BenchMove move = inSync("verify", rows)) {
      race.atLeast("verification", "rows/s", 2.0, () -> {
        long start = System.nanoTime();
        Map<String, Object> outcome = move.ask(Kind.VERIFY);
        if (!Boolean.TRUE.equals(outcome.get("equal"))) {
          throw new IllegalStateException("not equal: " + outcome);
        }
        return rows / seconds(start);
      }, "the query of pgcopydb compare data, on both sides at once", () -> {
        long start = System.nanoTime();
        CompletableFuture<String> there = CompletableFuture.supplyAsync(() -> checksum(move.target()));
        if (!checksum(move.source()).equals(there.get())) {
          throw new IllegalStateException("not equal");
        }
        return rows / seconds(start);
      });
      move.cancel();
    }
  }

  /** Source: https://pgcopydb.readthedocs.io/en/latest/ref/pgcopydb_compare.html. */
  private static String checksum(Database database) {
    return database.jdbi().withHandle(handle -> handle.createQuery(
        "select count(1) || ' ' || sum(hashtext(t::text)::bigint) from only s.t").mapTo(String.class).one());
  }

  /** p99 of transactions of one read and one update at a rate the source can bear, with a copy of another table and without. */
  void sourceLoad() throws Exception {
    if (!Programs.isThere("pgbench")) {
      report.skip("source, p99 of its clients", "there is no pgbench");
      return;
    }
    sourceLoad("source, p99 of its clients", Limits.defaults().copyJobs(), Optional.empty());
    sourceLoad("source, p99 of its clients, copy-jobs 1", 1, Optional.empty());
    sourceLoad("source, p99 of its clients, copy-jobs 1, copy-rate 10MB", 1, Optional.of(ByteCount.parse("10MB")));
  }

  private void sourceLoad(String name, int jobs, Optional<ByteCount> rate) throws Exception {
    String module = "source_load_%d%s".formatted(jobs, rate.isPresent() ? "_paced" : "");
    int rows = (int) (2_000_000 * scale);
    DatabaseAddress source = servers.onSource(module);
    DatabaseAddress target = servers.onTarget(module);
    Servers.execute(source, TABLE + "; " + ClientLoad.TABLE + "; " + fill(rows));
    Servers.execute(target, TABLE);
    race.atMost(name, "ms", 1.3, () -> {
      try (BenchMove move = new BenchMove(module, source, target, List.of("s.t"), jobs, rate); ClientLoad load = ClientLoad.on(source)) {
        move.start().awaitInSync();
        double p99 = load.p99(move.copyBegan(), move.copyEnded());
        move.cancel();
        return p99;
      }
    }, "without the copy", () -> {
      try (ClientLoad load = ClientLoad.on(source)) {
        Instant begun = Instant.now();
        TimeUnit.SECONDS.sleep(8);
        return load.p99(begun, Instant.now());
      }
    });
  }

  /** One transaction of 2 million rows through the stream, within this process's heap. */
  void largeTransaction() throws Exception {
    int rows = (int) (2_000_000 * scale);
    report.say("a transaction of %,d rows".formatted(rows));
    try (BenchMove move = inSync("large", 1)) {
      ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
      move.source().jdbi().useHandle(handle -> handle.execute(
          "insert into s.t select i, 0, md5(i::text), now() from generate_series(10, 10 + %d) i".formatted(rows)));
      Lsn end = move.now();
      long start = System.nanoTime();
      move.until(() -> !end.isAfter(move.applied()));
      report.say("applied with %,.0f rows/s".formatted(rows / seconds(start)));
      double peak = ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP).mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
      report.addBounded("a transaction of 2 million rows, peak heap", "MB", peak / (1 << 20), 512);
      move.cancel();
    }
  }

  private BenchMove inSync(String name, int rows) throws InterruptedException {
    DatabaseAddress source = servers.onSource(name);
    DatabaseAddress target = servers.onTarget(name);
    Servers.execute(source, TABLE + "; " + fill(rows));
    Servers.execute(target, TABLE);
    BenchMove move = new BenchMove(name, source, target, List.of("s.t"));
    move.start().awaitInSync();
    return move;
  }

  private static String fill(int rows) {
    return "insert into s.t select i, 0, md5(i::text), now() from generate_series(1, %d) i; vacuum analyze s.t".formatted(rows);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
