package dev.banyan.bench.mover;

import dev.banyan.move.database.DatabaseAddress;
import io.debezium.connector.jdbc.JdbcSinkConnectorTask;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.hibernate.engine.jdbc.connections.internal.DriverManagerConnectionProvider;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Debezium's own JDBC sink, fed by its connector, both with their defaults; no broker stands in between.
 */
final class JdbcSink implements AutoCloseable {

  private final JdbcSinkConnectorTask task = new JdbcSinkConnectorTask();
  private volatile CountDownLatch all = new CountDownLatch(1);
  private int wanted;
  private volatile int applied;
  private long firstAt;
  private volatile long lastAt;

  interface Work {
    void run();
  }

  JdbcSink(DatabaseAddress target) {
    Map<String, String> settings = new HashMap<>();
    settings.put("connection.url", target.url());
    settings.put("connection.username", target.user());
    settings.put("connection.password", target.password());
    // The connector's own pool was not published in the version that it needs.
    settings.put("connection.provider", DriverManagerConnectionProvider.class.getName());
    settings.put("insert.mode", "upsert");
    settings.put("primary.key.mode", "record_key");
    settings.put("schema.evolution", "none");
    settings.put("collection.name.format", "s.t");
    task.initialize(new Context(settings));
    task.start(settings);
  }

  /** Streams and applies so many changes that {@code backlog} makes; returns the seconds from the first to the last. */
  double apply(DatabaseAddress source, int changes, Work backlog) throws Exception {
    Servers.execute(source, "create publication bench_sink for table s.t; select pg_create_logical_replication_slot('bench_sink', 'pgoutput')");
    backlog.run();
    wanted = changes;
    applied = 0;
    all = new CountDownLatch(1);
    DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
        .using(settings(source)).notifying(this::put).build();
    Thread thread = new Thread(engine, "bench-sink");
    thread.start();
    boolean ended = all.await(15, TimeUnit.MINUTES);
    engine.close();
    thread.join();
    Servers.execute(source, "drop publication bench_sink; select pg_drop_replication_slot('bench_sink')");
    if (!ended) {
      throw new IllegalStateException("only %d of %d changes were applied".formatted(applied, changes));
    }
    return (lastAt - firstAt) / 1e9;
  }

  private void put(List<RecordChangeEvent<SourceRecord>> records,
      DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer) throws InterruptedException {
    List<SinkRecord> changes = new ArrayList<>(records.size());
    for (RecordChangeEvent<SourceRecord> record : records) {
      if (record.record().value() instanceof Struct value && value.schema().field("op") != null) {
        changes.add(sink(record.record(), applied + changes.size()));
      }
    }
    if (applied == 0 && !changes.isEmpty()) {
      firstAt = System.nanoTime();
    }
    task.put(changes);
    applied += changes.size();
    committer.markProcessed(records.get(records.size() - 1));
    committer.markBatchFinished();
    if (applied >= wanted && all.getCount() > 0) {
      lastAt = System.nanoTime();
      all.countDown();
    }
  }

  private static Properties settings(DatabaseAddress source) {
    Properties place = Objects.requireNonNull(Driver.parseURL(source.url(), null));
    Properties settings = new Properties();
    settings.put("name", "bench_sink");
    settings.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    settings.put("topic.prefix", "bench_sink");
    settings.put("database.hostname", place.getProperty("PGHOST"));
    settings.put("database.port", place.getProperty("PGPORT"));
    settings.put("database.dbname", place.getProperty("PGDBNAME"));
    settings.put("database.user", source.user());
    settings.put("database.password", source.password());
    settings.put("plugin.name", "pgoutput");
    settings.put("slot.name", "bench_sink");
    settings.put("publication.name", "bench_sink");
    settings.put("publication.autocreate.mode", "disabled");
    settings.put("table.include.list", "s.t");
    settings.put("snapshot.mode", "no_data");
    settings.put("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    return settings;
  }

  private static SinkRecord sink(SourceRecord record, long offset) {
    return new SinkRecord(record.topic(), 0, record.keySchema(), record.key(), record.valueSchema(), record.value(), offset,
        record.timestamp(), TimestampType.CREATE_TIME, record.headers());
  }

  @Override
  public void close() {
    task.stop();
  }

  /** What Connect would tell the task. */
  private record Context(Map<String, String> configs) implements SinkTaskContext {

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
      // There is nothing to go back to.
    }

    @Override
    public void offset(TopicPartition partition, long offset) {
      // There is nothing to go back to.
    }

    @Override
    public void timeout(long millis) {
      // Nobody waits.
    }

    @Override
    public Set<TopicPartition> assignment() {
      return Set.of();
    }

    @Override
    public void pause(TopicPartition... partitions) {
      // Nothing is delivered that was not asked for.
    }

    @Override
    public void resume(TopicPartition... partitions) {
      // Nothing is delivered that was not asked for.
    }

    @Override
    public void requestCommit() {
      // Everything is committed when put returns.
    }

    @Override
    public @Nullable PluginMetrics pluginMetrics() {
      return null;
    }
  }
}
