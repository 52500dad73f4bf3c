package dev.banyan.move.stream;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.CopyLedger;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.ObjectNames;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one side's tables following their owner's: one stream, one applier.
 *
 * <p>It either {@linkplain #follow follows} from the position stored on that side, or is {@linkplain #warm warmed up} in
 * the direction that a switch is about to turn to, {@linkplain #turn turned} while both sides stand still, and
 * {@linkplain #begin begun} behind that point. Methods may be called by any thread.
 */
public final class Follower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final int ANSWER_SECONDS = 5;

  // The engine refuses two streams of one name in a process, also while the first is still closing.
  private static final AtomicInteger SERIAL = new AtomicInteger();

  private final Link link;
  private final Owner owner;
  private final Markers markers;
  private final Beats beats = new Beats();
  private final Gate gate = new Gate();
  private final ChangeStream stream;
  private final @Nullable WarmSink warm;
  private final ReaderWatch reader;
  private volatile @Nullable TargetSession session;
  private volatile @Nullable WriterThread writer;
  private volatile @Nullable SnapshotFilter filter;
  private volatile String turningMark = "";

  private Follower(Link link, Owner owner, @Nullable Position from, @Nullable CopiedPositions copied) throws SQLException {
    this.link = link;
    this.owner = owner;
    this.markers = new Markers(link.module());
    this.warm = from == null ? new WarmSink(this::met, mark -> mark.equals(turningMark)) : null;
    StreamSink sink = warm != null ? warm : filtered(applier(from), copied);
    ChangeStream made = new ChangeStream("banyan_%s_%s_%d".formatted(link.module(), owner.word(), SERIAL.incrementAndGet()),
        link.database(owner), ObjectNames.slot(link.module(), owner), ObjectNames.publication(link.module()),
        link.flowsFrom(owner), new ShapeWatch(link, owner), sink);
    this.stream = made;
    this.reader = new ReaderWatch(link.database(owner), ObjectNames.slot(link.module(), owner));
    // Whoever waits for a stop must not wait for a stream that is no more.
    made.ended().thenAccept(reason -> gate.fail(new IllegalStateException("the stream has ended", reason.orElse(null))));
  }

  private record Position(Lsn applied, long epoch) {}

  /**
   * Follows {@code owner} from the position that is stored on the other side.
   *
   * @throws IllegalStateException if the slot is gone or has been moved past that position
   */
  public static Follower follow(Link link, Owner owner, long epoch) throws SQLException {
    Lsn applied = StoredPosition.settled(link.database(owner.other()), link.module());
    StoredPosition.requireNoGap(link.database(owner), ObjectNames.slot(link.module(), owner), applied);
    StoredPosition.skipApplied(link.database(owner), ObjectNames.slot(link.module(), owner), applied);
    Follower follower = new Follower(link, owner, new Position(applied, epoch), null);
    follower.stream.start();
    return follower;
  }

  /**
   * Follows the monolith from the stored position up to the newest of the snapshots that the service's rows were copied
   * under, and no further; applies what each row lacks.
   *
   * @throws IllegalStateException if the slot is gone or has been moved past that position
   */
  public static Follower followCopied(Link link, CopyLedger ledger, Lsn newest, long epoch) throws SQLException {
    Lsn applied = StoredPosition.settled(link.service(), link.module());
    StoredPosition.requireNoGap(link.monolith(), ObjectNames.slot(link.module(), Owner.MONOLITH), applied);
    StoredPosition.skipApplied(link.monolith(), ObjectNames.slot(link.module(), Owner.MONOLITH), applied);
    CopiedPositions copied = new LedgerPositions(link.monolith(), link.flowsFrom(Owner.MONOLITH), ledger);
    Follower follower = new Follower(link, Owner.MONOLITH, new Position(applied, epoch), copied);
    follower.gate.limit(newest);
    follower.stream.start();
    return follower;
  }

  /** Reads what {@code owner} commits, and drops it until {@link #turn}; the slot must be there. */
  public static Follower warm(Link link, Owner owner) throws SQLException {
    Follower follower = new Follower(link, owner, null, null);
    follower.stream.start();
    return follower;
  }

  private StreamSink applier(@Nullable Position from) throws SQLException {
    if (from == null) {
      throw new IllegalArgumentException("no position to apply from");
    }
    TargetSession opened = new TargetSession(link.database(owner.other()), link.module(), owner);
    session = opened;
    WriterThread writing = new WriterThread("banyan-writer-" + link.module());
    writer = writing;
    return new Applier(opened, writing, from.epoch(), from.applied(), gate, this::met);
  }

  private StreamSink filtered(StreamSink applier, @Nullable CopiedPositions copied) {
    if (copied == null) {
      return applier;
    }
    SnapshotFilter created = new SnapshotFilter(applier, copied);
    filter = created;
    return created;
  }

  /** Waits until everything that the owner has committed by now is applied, or, while warming up, was met. */
  public void awaitCaughtUp(Duration timeout) throws InterruptedException, TimeoutException {
    await(mark(), timeout);
  }

  /** Puts a mark into the owner's log; the answer completes once all that was committed before it is applied. */
  public CompletableFuture<Void> mark() {
    CompletableFuture<Void> met = markers.put(link.database(owner));
    stream.ended().thenAccept(reason -> met.completeExceptionally(new IllegalStateException("the stream has ended",
        reason.orElse(null))));
    return met;
  }

  /** Turns a warm stream: it stands still at a mark put into the log now; returns the mark's position. */
  public Lsn turn(Duration timeout) throws InterruptedException, TimeoutException {
    WarmSink sink = requireWarm();
    turningMark = link.module() + ":turn:" + UUID.randomUUID();
    markers.emit(link.database(owner), turningMark);
    CompletableFuture<Void> turned = sink.turned().thenAccept(position -> { });
    stream.ended().thenAccept(reason -> turned.completeExceptionally(new IllegalStateException("the stream has ended",
        reason.orElse(null))));
    await(turned, timeout);
    return sink.turned().join();
  }

  /** Applies, under this epoch, all that comes behind the position of {@link #turn}. */
  public void begin(Lsn turnedAt, long epoch) throws SQLException {
    requireWarm().handOver(applier(new Position(turnedAt, epoch)));
  }

  /** Stops in front of the first transaction that ends behind {@code position}, until {@link #goOn}. */
  public void stopBehind(Lsn position) {
    gate.limit(position);
  }

  /** Waits until the stream stands at the position of {@link #stopBehind}. */
  public void awaitStop(Duration timeout) throws InterruptedException, TimeoutException {
    gate.awaitStop(timeout);
  }

  /** Tells whether the stream stands at the position of {@link #stopBehind}, with everything up to it applied. */
  public boolean hasStopped() {
    return gate.isWaiting();
  }

  /** Ends a stop. */
  public void goOn() {
    gate.open();
  }

  /**
   * Keeps the keys that change in these tables, by their names in the monolith, and in no others. Nothing is missed from
   * the transaction that the stream {@linkplain #awaitStop stands in front of} when this is said.
   *
   * @param tables asked for once, by one thread at a time, so that the last to say it says the newest
   */
  public synchronized void keepKeysOf(Supplier<Set<String>> tables) {
    TargetSession applying = session;
    if (applying != null) {
      applying.keepKeysOf(tables.get());
    }
  }

  /** Puts a heartbeat into the owner's log, to measure the lag and to move an idle slot on. */
  public void beat() {
    Instant now = Instant.now();
    beats.sent(Instant.ofEpochMilli(now.toEpochMilli()));
    markers.beat(link.database(owner), now);
  }

  /** Returns how far the other side is behind. */
  public Lag lag() {
    Database database = link.database(owner);
    Lsn applied = StoredPosition.read(link.database(owner.other()), link.module());
    Lsn now = Lsn.parse(database.jdbi().withHandle(handle ->
        handle.createQuery("select pg_current_wal_lsn()::text").mapTo(String.class).one()));
    return new Lag(beats.lag(Instant.now()), Math.max(0, now.minus(applied)));
  }

  /**
   * Fails where the connection that reads the log is lost and nobody was told; for one thread, which calls it often.
   *
   * @throws SQLException as a connection does that is lost
   */
  public void requireRead() throws SQLException {
    reader.look();
  }

  /** Returns the side that is followed. */
  public Owner owner() {
    return owner;
  }

  /** Completes when the stream has ended, with the reason where it ended by itself. */
  public CompletableFuture<Optional<Throwable>> ended() {
    return stream.ended();
  }

  /** Ends the stream; what was not committed is not. */
  @Override
  public void close() {
    gate.close();
    if (warm != null) {
      warm.close();
    }
    // Whoever waits for an answer of a lost connection would wait for ever, and the stream with it.
    CompletableFuture.delayedExecutor(ANSWER_SECONDS, TimeUnit.SECONDS).execute(this::closeSession);
    stream.close();
    closeWriter();
    closeFilter();
    closeSession();
  }

  private void closeWriter() {
    WriterThread writing = writer;
    if (writing != null) {
      writing.close();
    }
  }

  private void closeSession() {
    TargetSession opened = session;
    if (opened != null) {
      try {
        opened.close();
      } catch (SQLException e) {
        LOG.debug("the server ends the transaction of a connection that is gone: {}", e.toString());
      }
    }
  }

  private void closeFilter() {
    try (SnapshotFilter closing = filter) {
      filter = null;
    } catch (IOException e) {
      LOG.debug("a file of changes is left to the system: {}", e.toString());
    }
  }

  private void met(String content) {
    Instant beat = markers.beatAt(content);
    if (beat != null) {
      beats.met(beat, Instant.now());
    }
    markers.met(content);
  }

  private WarmSink requireWarm() {
    if (warm == null) {
      throw new IllegalStateException("the stream already applies");
    }
    return warm;
  }

  private static void await(CompletableFuture<Void> future, Duration timeout) throws InterruptedException, TimeoutException {
    try {
      future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new TimeoutException("the stream did not meet a mark within " + timeout.toMillis() + " ms");
    }
  }
}
