package dev.banyan.move.stream;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.TableFlow;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of committed changes out of one slot, delivered to a sink by Debezium's embedded engine.
 *
 * <p>The engine keeps no position of its own over a restart: it starts where the slot stands, and the sink knows what
 * it already has. The slot is confirmed up to what the sink has made durable, never further.
 */
final class ChangeStream implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);
  private static final long CLOSE_AGAIN_NANOS = 20_000_000;
  // The engine waits for the answers of its connections, and for those of lost ones for minutes.
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(10);

  private final String name;
  private final RecordDecoder decoder;
  private final StreamSink sink;
  private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
  private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
  // The last end of each delivery; those of the engine's thread that delivers.
  private final DeliveredEnds<RecordChangeEvent<SourceRecord>> unconfirmed =
      new DeliveredEnds<>(end -> RecordDecoder.endOf(end.record()));
  private volatile boolean running;

  /**
   * Prepares a stream; {@link #start} begins it.
   *
   * @param name unique among the streams of this process
   * @param source the database to stream from
   * @param slot its slot
   * @param publication its publication
   * @param tables what flows, at least the tables of the publication
   * @param shapes what the tables are watched by
   * @param sink where it goes
   */
  ChangeStream(String name, Database source, String slot, String publication, List<TableFlow> tables,
      ShapeWatch shapes, StreamSink sink) {
    this.name = name;
    this.decoder = new RecordDecoder(tables, shapes);
    this.sink = sink;
    this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
        .using(EngineSettings.of(name, source.address(), slot, publication,
            Bystanders.pattern(source, publication, tables.stream().map(TableFlow::source).toList())))
        .using((success, message, error) -> end(message, error))
        .notifying(this::handle)
        .build();
  }

  /** Starts the stream on a thread of its own. */
  void start() {
    Thread thread = new Thread(this::run, name);
    thread.setDaemon(true);
    running = true;
    thread.start();
  }

  private void run() {
    try {
      engine.run();
    } catch (RuntimeException e) {
      // It fails on its own thread, and says so to nobody, where it is closed at the moment when it ends by itself.
      LOG.debug("stream {} ended by force", name, e);
    } finally {
      running = false;
      ended.complete(Optional.empty());
    }
  }

  /** Completes when the stream has ended, with the reason where it ended by itself. */
  CompletableFuture<Optional<Throwable>> ended() {
    return ended;
  }

  /**
   * Ends the stream and waits until its connections are closed, for a time that suffices where they are not lost. What is
   * delivered after that finds a sink that is closed.
   */
  @Override
  public void close() {
    Thread closing = new Thread(this::closeEngine, name + " closes");
    closing.setDaemon(true);
    closing.start();
    long deadline = System.nanoTime() + CLOSED_WITHIN.toNanos();
    while (running && System.nanoTime() < deadline) {
      LockSupport.parkNanos(CLOSE_AGAIN_NANOS);
    }
    if (running) {
      LOG.warn("stream {} did not end in time", name);
    }
  }

  /** The engine refuses to be closed while it starts, and once it closes by itself. */
  private void closeEngine() {
    for (long pause = CLOSE_AGAIN_NANOS; running && !isClosed(); pause = Math.min(2 * pause, CLOSED_WITHIN.toNanos())) {
      LockSupport.parkNanos(pause);
    }
  }

  private boolean isClosed() {
    try {
      engine.close();
      return true;
    } catch (IOException | IllegalStateException e) {
      LOG.trace("stream {} is not closed yet: {}", name, e.toString());
      return false;
    }
  }

  private void handle(List<RecordChangeEvent<SourceRecord>> records,
      RecordCommitter<RecordChangeEvent<SourceRecord>> committer) throws InterruptedException {
    try {
      @Nullable RecordChangeEvent<SourceRecord> end = null;
      for (RecordChangeEvent<SourceRecord> record : records) {
        decoder.decode(record.record(), sink);
        end = RecordDecoder.isEnd(record.record()) ? record : end;
      }
      if (end != null) {
        unconfirmed.add(end);
      }
      Optional<RecordChangeEvent<SourceRecord>> durable = unconfirmed.take(sink.delivered(HandOver.isFilled(name)));
      if (durable.isPresent()) {
        committer.markProcessed(durable.get());
      }
    } catch (SQLException | RuntimeException e) {
      ended.complete(Optional.of(e));
      throw e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
    committer.markBatchFinished();
  }

  private void end(String message, @Nullable Throwable error) {
    if (error != null) {
      LOG.debug("stream {} ended: {}", name, message, error);
    }
    ended.complete(Optional.ofNullable(error));
  }
}
