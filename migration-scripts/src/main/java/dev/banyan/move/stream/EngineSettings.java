package dev.banyan.move.stream;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.ObjectNames;
import java.util.Properties;
import org.postgresql.Driver;

/** What Debezium's embedded engine is told: to deliver every change exactly, in order, as soon as it is there. */
public final class EngineSettings {

  private EngineSettings() {}

  /**
   * Returns the settings of a stream out of one slot.
   *
   * @param name unique among the streams of this process
   * @param source the database to stream from
   * @param slot its slot
   * @param publication its publication
   * @param others a pattern for names of tables that it has nothing to do with
   */
  public static Properties of(String name, DatabaseAddress source, String slot, String publication, String others) {
    Properties place = Driver.parseURL(source.url(), null);
    if (place == null) {
      throw new IllegalArgumentException("not a PostgreSQL URL: " + source.masked());
    }
    Properties settings = new Properties();
    settings.put("name", name);
    settings.put("connector.class", WakingConnector.class.getName());
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
    settings.put("table.exclude.list", others);
    settings.put("message.prefix.include.list", ObjectNames.MARKS);
    settings.put("snapshot.mode", "no_data");
    settings.put("provide.transaction.metadata", "true");
    settings.put("sourceinfo.struct.maker", LeanSource.class.getName());
    settings.put("topic.naming.strategy", TableTopics.class.getName());
    settings.put("skipped.operations", "none");
    settings.put("tombstones.on.delete", "false");
    settings.put("include.unknown.datatypes", "true");
    settings.put("converters", "exact");
    settings.put("exact.type", ExactText.class.getName());
    // The reader of the log sleeps this long when nothing came: the stream's lag hangs on it.
    settings.put("poll.interval.ms", "1");
    // It limits the bytes itself: the engine counts them only for records that are taken by its own way.
    settings.put("queue.provider.type", HandOver.NAME);
    // What waits outlives the collector's young generation if it is much: with 8,192 records it took 40 % of the time.
    settings.put("max.queue.size", "2048");
    settings.put("max.batch.size", "1024");
    settings.put("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    settings.put("offset.flush.interval.ms", "500");
    // A broken connection ends the stream; whoever runs it starts anew from the slot, by one path for every cause.
    settings.put("errors.max.retries", "0");
    settings.put("slot.max.retries", "10");
    settings.put("slot.retry.delay.ms", "500");
    return settings;
  }
}
