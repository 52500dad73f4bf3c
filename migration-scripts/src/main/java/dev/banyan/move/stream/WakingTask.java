package dev.banyan.move.stream;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** The connector's task, but for how it waits for records, see {@link HandOver}, and without its {@linkplain EngineMetrics metrics}. Instantiated by the engine. */
public final class WakingTask extends PostgresConnectorTask {

  private static final int BATCH = 1_024;
  // What the engine has to say otherwise, an error of the reader or the end, may be as late as this.
  private static final Duration PATIENCE = Duration.ofMillis(50);

  private @Nullable HandOver records;
  private boolean streaming;

  @Override
  public ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> start(Configuration config) {
    ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> coordinator = super.start(config);
    records = HandOver.of(config.getString("name"));
    return coordinator;
  }

  @Override
  public List<SourceRecord> doPoll() throws InterruptedException {
    HandOver filled = records;
    List<SourceRecord> taken = filled == null ? List.of() : filled.take(BATCH, PATIENCE);
    if (taken.isEmpty()) {
      return super.doPoll();
    }
    if (!streaming) {
      streaming = true;
      EngineMetrics.end(coordinator);
    }
    return taken;
  }
}
