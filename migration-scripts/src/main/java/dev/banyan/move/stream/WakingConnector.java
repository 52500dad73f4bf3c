package dev.banyan.move.stream;

import io.debezium.connector.postgresql.PostgresConnector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.connector.Task;

/** Debezium's connector with {@link WakingTask}. Instantiated by the engine by name. */
public final class WakingConnector extends PostgresConnector {

  @Override
  public Class<? extends Task> taskClass() {
    return WakingTask.class;
  }

  /** The task looks up what belongs to its connector by the class that it is told. */
  @Override
  public List<Map<String, String>> taskConfigs(int most) {
    return super.taskConfigs(most).stream().map(WakingConnector::asTheirs).toList();
  }

  private static Map<String, String> asTheirs(Map<String, String> settings) {
    Map<String, String> theirs = new HashMap<>(settings);
    theirs.put("connector.class", PostgresConnector.class.getName());
    return theirs;
  }
}
