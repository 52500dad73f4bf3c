package dev.banyan.bench.mover;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.stream.EngineSettings;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** The engine with a consumer that only counts. */
final class IdleConsumer implements AutoCloseable {

  /** How the engine is set up. */
  enum Engine {
    /** As Debezium delivers it, with its defaults. */
    DELIVERED,
    /** As the mover sets it up. */
    MOVERS
  }

  // What makes the engine the mover's.
  private static final List<String> OUR_OWN = List.of("sourceinfo.struct.maker", "queue.provider.type", "converters", "exact.type",
      "poll.interval.ms", "max.queue.size");

  private final DatabaseAddress source;
  private final Engine kind;
  private final String name;
  private final CountDownLatch all = new CountDownLatch(1);
  private int wanted;
  private int seen;
  private long firstAt;
  private volatile long lastAt;

  IdleConsumer(DatabaseAddress source, String name, Engine kind) {
    this.source = source;
    this.kind = kind;
    this.name = name;
    Servers.execute(source, "create publication %s for table s.t; select pg_create_logical_replication_slot('%s', 'pgoutput')"
        .formatted(name, name));
  }

  /** Consumes so many changes; returns the seconds from the first to the last. */
  double consume(int changes) throws Exception {
    wanted = changes;
    DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
        .using(settings())
        .notifying(this::count)
        .build();
    Thread thread = new Thread(engine, "bench-idle");
    thread.start();
    boolean ended = all.await(15, TimeUnit.MINUTES);
    engine.close();
    thread.join();
    if (!ended) {
      throw new IllegalStateException("only %d of %d changes arrived".formatted(seen, wanted));
    }
    return (lastAt - firstAt) / 1e9;
  }

  private Properties settings() {
    Properties settings = EngineSettings.of(name, source, name, name, "");
    if (kind == Engine.DELIVERED) {
      OUR_OWN.forEach(settings::remove);
      settings.put("connector.class", PostgresConnector.class.getName());
    }
    return settings;
  }

  private void count(List<RecordChangeEvent<SourceRecord>> records,
      DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer) throws InterruptedException {
    for (RecordChangeEvent<SourceRecord> record : records) {
      if (record.record().value() instanceof Struct value && value.schema().field("op") != null) {
        if (seen++ == 0) {
          firstAt = System.nanoTime();
        }
      }
    }
    committer.markProcessed(records.get(records.size() - 1));
    committer.markBatchFinished();
    if (seen >= wanted && all.getCount() > 0) {
      lastAt = System.nanoTime();
      all.countDown();
    }
  }

  @Override
  public void close() {
    try (Database database = new Database(source)) {
      database.jdbi().useHandle(handle -> {
        handle.execute("drop publication " + name);
        handle.createQuery("select pg_drop_replication_slot(?)::text").bind(0, name).mapTo(String.class).one();
      });
    }
  }
}
