package dev.banyan.move.stream;

import io.debezium.schema.SchemaTopicNamingStrategy;
import io.debezium.spi.schema.DataCollectionId;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The engine's names of topics, which it asks for with every change. Its own map of them counts what was used last,
 * to forget the rest; here there are as many as tables move.
 */
public final class TableTopics extends SchemaTopicNamingStrategy {

  private final Map<DataCollectionId, String> names = new ConcurrentHashMap<>();

  /** Creates the names; the engine does. */
  public TableTopics(Properties settings) {
    super(settings);
  }

  @Override
  public String dataChangeTopic(DataCollectionId table) {
    String known = names.get(table);
    return known != null ? known : names.computeIfAbsent(table, super::dataChangeTopic);
  }
}
