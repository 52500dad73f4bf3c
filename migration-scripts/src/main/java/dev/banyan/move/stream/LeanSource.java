package dev.banyan.move.stream;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.connector.AbstractSourceInfo;
import io.debezium.connector.SourceInfoStructMaker;
import io.debezium.connector.postgresql.SourceInfo;
import io.debezium.connector.postgresql.connection.Lsn;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * The {@code source} block of an event, with nothing in it but the log position and the transaction. The connector's
 * own costs a good part of its streaming thread. The table is told by {@link ExactText}.
 * Instantiated by the engine by name.
 */
public final class LeanSource implements SourceInfoStructMaker<SourceInfo> {

  /** The connector keeps it to its own package, and yet asks every source block for it. */
  private static final MethodHandle TRANSACTION = transaction();

  private static final Schema SCHEMA = SchemaBuilder.struct().name("dev.banyan.source")
      .field(SourceInfo.LSN_KEY, Schema.OPTIONAL_INT64_SCHEMA)
      .field(SourceInfo.TXID_KEY, Schema.OPTIONAL_INT64_SCHEMA)
      .field(SourceInfo.XMIN_KEY, Schema.OPTIONAL_INT64_SCHEMA)
      .field(AbstractSourceInfo.TIMESTAMP_KEY, Schema.OPTIONAL_INT64_SCHEMA)
      .build();

  @Override
  public void init(String connector, String version, CommonConnectorConfig settings) {
    // There is nothing to remember.
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public Struct struct(SourceInfo source) {
    // The engine's own metrics want a time; nobody reads them.
    Struct struct = new Struct(SCHEMA).put(SourceInfo.TXID_KEY, transactionOf(source)).put(AbstractSourceInfo.TIMESTAMP_KEY, System.currentTimeMillis());
    Lsn position = source.lsn();
    return position == null ? struct : struct.put(SourceInfo.LSN_KEY, position.asLong());
  }

  private static @Nullable Object transactionOf(SourceInfo source) {
    try {
      return TRANSACTION.invoke(source);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle transaction() {
    try {
      return MethodHandles.privateLookupIn(SourceInfo.class, MethodHandles.lookup())
          .findVirtual(SourceInfo.class, "txId", MethodType.methodType(Long.class));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this version of the connector does not tell a change's transaction", e);
    }
  }
}
