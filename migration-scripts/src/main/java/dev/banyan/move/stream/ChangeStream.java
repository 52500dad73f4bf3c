package dev.banyan.move.stream;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.TableFlow;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
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
  private static final long CLOSED_WITHIN_NANOS = 30_000_000_000L;

  private final String name;
  private final RecordDecoder decoder;
  private final StreamSink sink;
  private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
  private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
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
  ChangeStream(String name, DatabaseAddress source, String slot, String publication, List<TableFlow> tables,
      ShapeWatch shapes, StreamSink sink) {
    this.name = name;
    this.decoder = new RecordDecoder(tables, shapes);
    this.sink = sink;
    this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
        .using(settings(name, source, slot, publication, tables))
        .using((success, message, error) -> end(message, error))
        .notifying(this::handle)
        .build();
  }

  private static Properties settings(String name, DatabaseAddress source, String slot, String publication,
      List<TableFlow> tables) {
    Properties place = Driver.parseURL(source.url(), null);
    if (place == null) {
      throw new IllegalArgumentException("not a PostgreSQL URL: " + source.masked());
    }
    Properties settings = new Properties();
    settings.put("name", name);
    settings.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    settings.put("topic.prefix", name);
    settings.put("database.hostname", place.getProperty("PGHOST"));
    settings.put("database.port", place.getProperty("PGPORT"));
    settings.put("database.dbname", place.getProperty("PGDBNAME"));
    settings.put("database.user", source.user());
    settings.put("database.password", source.password());
    // Encryption and the like; the place itself is said above.
    place.stringPropertyNames().stream().filter(key -> !key.startsWith("PG")).forEach(key ->
        settings.put("driver." + key, place.getProperty(key)));
    settings.put("driver.options", Database.sessionOptions());
    settings.put("plugin.name", "pgoutput");
    settings.put("slot.name", slot);
    settings.put("publication.name", publication);
    settings.put("publication.autocreate.mode", "disabled");
    settings.put("table.include.list", tables.stream().map(ChangeStream::pattern).collect(Collectors.joining(",")));
    settings.put("message.prefix.include.list", Markers.PREFIX);
    settings.put("snapshot.mode", "no_data");
    settings.put("provide.transaction.metadata", "true");
    settings.put("skipped.operations", "none");
    settings.put("tombstones.on.delete", "false");
    settings.put("include.unknown.datatypes", "true");
    settings.put("converters", "exact");
    settings.put("exact.type", ExactText.class.getName());
    // Told by the engine's own loop, which sleeps this long when nothing came: the stream's lag hangs on it.
    settings.put("poll.interval.ms", "1");
    settings.put("max.batch.size", "8192");
    settings.put("max.queue.size", "32768");
    settings.put("max.queue.size.in.bytes", Long.toString(64L << 20));
    settings.put("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    settings.put("offset.flush.interval.ms", "500");
    // A broken connection ends the stream; whoever runs it starts anew from the slot, by one path for every cause.
    settings.put("errors.max.retries", "0");
    settings.put("slot.max.retries", "10");
    settings.put("slot.retry.delay.ms", "500");
    return settings;
  }

  /** The setting is a list of regular expressions between commas, so everything but letters and digits is escaped. */
  private static String pattern(TableFlow table) {
    return escape(table.source().schema()) + "\\." + escape(table.source().name());
  }

  private static String escape(String name) {
    return name.codePoints()
        .mapToObj(c -> Character.isLetterOrDigit(c) || c == '_' ? Character.toString(c) : "\\x{%x}".formatted(c))
        .collect(Collectors.joining());
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

  /** Ends the stream and waits until its connections are closed, for a time that suffices where anything does. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + CLOSED_WITHIN_NANOS;
    // The engine refuses to be closed while it starts, and once it closes by itself.
    while (running && !isClosed() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(CLOSE_AGAIN_NANOS);
    }
    while (running && System.nanoTime() < deadline) {
      LockSupport.parkNanos(CLOSE_AGAIN_NANOS);
    }
    if (running) {
      LOG.warn("stream {} did not end in time", name);
    }
  }

  private boolean isClosed() {
    try {
      engine.close();
      return true;
    } catch (IOException | IllegalStateException e) {
      LOG.debug("stream {} is not closed yet: {}", name, e.toString());
      return false;
    }
  }

  private void handle(List<RecordChangeEvent<SourceRecord>> records,
      RecordCommitter<RecordChangeEvent<SourceRecord>> committer) throws InterruptedException {
    @Nullable RecordChangeEvent<SourceRecord> confirmable = null;
    try {
      for (RecordChangeEvent<SourceRecord> record : records) {
        decoder.decode(record.record(), sink);
      }
      Lsn durable = sink.delivered();
      for (RecordChangeEvent<SourceRecord> record : records) {
        if (RecordDecoder.isEnd(record.record()) && !RecordDecoder.endOf(record.record()).isAfter(durable)) {
          confirmable = record;
        }
      }
    } catch (java.sql.SQLException | RuntimeException e) {
      ended.complete(Optional.of(e));
      throw e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
    if (confirmable != null) {
      committer.markProcessed(confirmable);
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
