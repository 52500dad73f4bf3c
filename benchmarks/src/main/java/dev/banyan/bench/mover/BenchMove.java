package dev.banyan.bench.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents;
import dev.banyan.control.Phase;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.TableName;
import dev.banyan.move.mover.Mover;
import dev.banyan.move.mover.Workspace;
import dev.banyan.move.plan.ByteCount;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.SidePlan;
import dev.banyan.move.plan.TablePlan;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A move whose mover runs in this process and can be stopped and started. */
final class BenchMove implements AutoCloseable {

  private static final long GIVE_UP_NANOS = 900_000_000_000L;

  final Workspace space;
  private volatile Instant copyBegan = Instant.MIN;
  private volatile Instant copyEnded = Instant.MAX;
  private @Nullable Thread mover;
  private @Nullable PreparedStatement position;
  private volatile @Nullable Throwable failure;

  BenchMove(String module, DatabaseAddress source, DatabaseAddress target, List<String> tables) {
    this(module, source, target, tables, Limits.defaults().copyJobs(), Optional.empty());
  }

  BenchMove(String module, DatabaseAddress source, DatabaseAddress target, List<String> tables, int copyJobs, Optional<ByteCount> copyRate) {
    Limits usual = Limits.defaults();
    Limits limits = new Limits(usual.maxPause(), usual.maxLag(), usual.verifiedWithin(), usual.retainedWal(), usual.fenceTimeout(),
        usual.fenceAttempts(), copyJobs, copyRate, usual.rangeRows(), usual.verifyJobs(), OptionalInt.empty(), usual.quietFor());
    List<TablePlan> plans = tables.stream().map(name -> TableName.parse(name).orElseThrow())
        .map(name -> new TablePlan(name, name, Map.of(), Optional.empty(), 0)).toList();
    space = new Workspace(new Plan("bench", module, new SidePlan(Optional.empty(), source), new SidePlan(Optional.empty(), target),
        plans, List.of(), limits));
  }

  Database source() {
    return space.monolith();
  }

  Database target() {
    return space.service();
  }

  BenchMove start() {
    Thread thread = new Thread(() -> {
      try {
        new Mover(space, this::said).run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }, "bench-mover");
    mover = thread;
    thread.start();
    return this;
  }

  private void said(String sentence) {
    if (sentence.startsWith("Copying ")) {
      copyBegan = Instant.now();
    } else if (sentence.startsWith("Streaming what was committed meanwhile")) {
      copyEnded = Instant.now();
    } else if (sentence.startsWith("Halted")) {
      failure = new IllegalStateException(sentence);
    }
  }

  void stop() throws InterruptedException {
    Thread running = mover;
    if (running != null) {
      running.interrupt();
      running.join();
    }
  }

  Instant copyBegan() {
    return copyBegan;
  }

  Instant copyEnded() {
    return copyEnded;
  }

  /** Returns how long the copy took, keys and indexes included; it must be over. */
  double copySeconds() {
    return Duration.between(copyBegan, copyEnded).toNanos() / 1e9;
  }

  void awaitInSync() throws InterruptedException {
    until(() -> space.control().isInstalled()
        && space.control().find(space.module()).map(Extraction::phase).filter(Phase.IN_SYNC::equals).isPresent());
  }

  /** Waits until a condition holds, asking often. */
  void until(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + GIVE_UP_NANOS;
    while (!condition.getAsBoolean()) {
      if (failure != null) {
        throw new IllegalStateException("the mover has failed", failure);
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("nothing has come of it for 15 minutes");
      }
      Thread.sleep(5);
    }
  }

  Map<String, Object> ask(Intents.Kind kind) throws InterruptedException {
    long id = space.intents().request(space.module(), kind, Map.of(), "bench").orElseThrow();
    until(() -> space.intents().get(id).state().isEnded());
    return space.intents().get(id).outcome();
  }

  /** Ends the move as if it had never been. */
  void cancel() throws InterruptedException {
    ask(Intents.Kind.CANCEL);
    Thread running = mover;
    if (running != null) {
      running.join();
    }
  }

  /** Asked often while the clock runs, so by one prepared statement. */
  Lsn applied() {
    try {
      PreparedStatement asking = position;
      if (asking == null) {
        asking = target().connect().prepareStatement("select applied::text from banyan.side where module = ?");
        asking.setString(1, space.module());
        position = asking;
      }
      try (ResultSet row = asking.executeQuery()) {
        row.next();
        return Lsn.parse(row.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Lsn now() {
    return Lsn.parse(source().jdbi().withHandle(handle -> handle.createQuery("select pg_current_wal_insert_lsn()::text")
        .mapTo(String.class).one()));
  }

  @Override
  public void close() throws InterruptedException, SQLException {
    stop();
    if (position != null) {
      position.getConnection().close();
    }
    space.close();
  }
}
