package dev.banyan.bench.mover;

import dev.banyan.bench.mover.IdleConsumer.Engine;
import dev.banyan.bench.race.Race;
import dev.banyan.bench.race.Report;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.Lsn;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How fast changes are applied. A backlog of small updates is made while nobody streams; what counts is the time from the
 * first change that arrives to the last one that is committed on the target.
 */
final class StreamRaces {

  private static final String TABLE = """
      create schema s; create table s.t (id bigint primary key, n int not null, a text, b timestamptz)""";

  private final Servers servers;
  private final Race race;
  private final Report report;
  private final int changes;
  private final AtomicInteger serial = new AtomicInteger();

  StreamRaces(Servers servers, Race race, Report report, double scale) {
    this.servers = servers;
    this.race = race;
    this.report = report;
    this.changes = (int) (400_000 * scale);
  }

  void againstIdleConsumer() throws Exception {
    try (Stage stage = new Stage("stream")) {
      race.atLeast("stream, small updates", "changes/s", 0.9, () -> stage.applied(changes), "Debezium's engine, a consumer that does nothing",
          () -> stage.consumed(changes, Engine.DELIVERED));
      race.forComparison("stream, small updates", "changes/s", () -> stage.applied(changes), "the engine as the mover sets it up, the same consumer",
          () -> stage.consumed(changes, Engine.MOVERS));
    }
  }

  void hotKeys() throws Exception {
    try (Stage stage = new Stage("hot")) {
      race.atLeast("stream, 1,000 hot keys", "changes/s", 1.0, () -> stage.applied(1_000), "itself, each key once",
          () -> stage.applied(changes));
    }
  }

  void againstSubscription() throws Exception {
    try (Stage stage = new Stage("subscription")) {
      stage.prepareSubscription();
      race.forComparison("stream, small updates", "changes/s", () -> stage.applied(changes), "PostgreSQL's own subscription",
          () -> stage.subscribed(changes));
    }
  }

  void againstJdbcSink() throws Exception {
    try (Stage stage = new Stage("sink"); JdbcSink sink = new JdbcSink(stage.copyOfTarget("sink_target"))) {
      race.atLeast("stream, small updates", "changes/s", 5.0, () -> stage.applied(changes), "debezium-connector-jdbc behind the same connector",
          () -> stage.sunk(sink));
    }
  }

  /** A move in sync, on which backlogs are made and worked off. */
  private final class Stage implements AutoCloseable {

    private final DatabaseAddress source;
    private final BenchMove move;
    private final String name;
    private @Nullable Subscription subscription;
    private int round;

    Stage(String name) throws InterruptedException {
      this.name = name + serial.incrementAndGet();
      source = servers.onSource(this.name);
      DatabaseAddress target = servers.onTarget(this.name);
      Servers.execute(source, TABLE + "; insert into s.t select i, 0, md5(i::text), now() from generate_series(1, %d) i; vacuum analyze s.t"
          .formatted(changes));
      Servers.execute(target, TABLE);
      move = new BenchMove(this.name, source, target, List.of("s.t"));
      move.start().awaitInSync();
      move.stop();
    }

    DatabaseAddress copyOfTarget(String database) {
      DatabaseAddress copy = servers.onTarget(database);
      Servers.execute(copy, TABLE + "; insert into s.t select i, 0, md5(i::text), now() from generate_series(1, %d) i; vacuum analyze s.t"
          .formatted(changes));
      return copy;
    }

    /** Updates each of so many keys equally often, {@code changes} times in all, in transactions of ten. */
    void backlog(int keys) {
      round++;
      // How the backlog comes about does not count; it is in the log all the same.
      move.source().jdbi().useHandle(handle -> handle.execute("""
          do $$ begin
            set session synchronous_commit = off;
            for i in 0..%d - 1 by 10 loop
              update s.t set n = n + 1 where id in (%s);
              commit;
            end loop;
            set session synchronous_commit = on;
          end $$""".formatted(changes, tenKeys(keys))));
    }

    private static String tenKeys(int keys) {
      StringBuilder list = new StringBuilder();
      for (int j = 0; j < 10; j++) {
        list.append(j == 0 ? "" : ", ").append("(i + %d) %% %d + 1".formatted(j, keys));
      }
      return list.toString();
    }

    double sunk(JdbcSink sink) throws Exception {
      double seconds = sink.apply(source, changes, () -> backlog(changes));
      drain();
      return changes / seconds;
    }

    double applied(int keys) throws InterruptedException {
      backlog(keys);
      Lsn end = move.now();
      Lsn before = move.applied();
      move.start();
      move.until(() -> move.applied().isAfter(before));
      long start = System.nanoTime();
      // What the first commit brought was worked off before the clock began to run.
      double share = (double) end.minus(move.applied()) / end.minus(before);
      move.until(() -> !end.isAfter(move.applied()));
      double seconds = (System.nanoTime() - start) / 1e9;
      move.stop();
      return changes * share / seconds;
    }

    double consumed(int keys, Engine engine) throws Exception {
      try (IdleConsumer consumer = new IdleConsumer(source, name + "_idle_" + round, engine)) {
        backlog(keys);
        return changes / consumer.consume(changes);
      } finally {
        drain();
      }
    }

    /** The move has a slot of its own, which must not bring the same changes into its next run. */
    private void drain() throws InterruptedException {
      Lsn end = move.now();
      move.start();
      move.until(() -> !end.isAfter(move.applied()));
      move.stop();
    }

    void prepareSubscription() {
      DatabaseAddress subscriber = copyOfTarget(name + "_sub");
      Servers.execute(source, "create publication bench for table s.t");
      subscription = new Subscription(source, subscriber);
    }

    double subscribed(int keys) throws Exception {
      Subscription running = Objects.requireNonNull(subscription);
      running.pause();
      backlog(keys);
      double seconds = running.catchUp(move.now());
      drain();
      return changes / seconds;
    }

    @Override
    public void close() throws Exception {
      if (subscription != null) {
        subscription.drop();
      }
      move.start();
      move.cancel();
      move.close();
    }
  }
}
