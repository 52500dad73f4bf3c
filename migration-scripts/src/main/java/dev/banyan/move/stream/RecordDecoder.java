package dev.banyan.move.stream;

import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.stream.RowChange.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Reads the engine's records and hands their meaning to a sink. */
final class RecordDecoder {

  private static final String STATUS = "status";
  private static final String OLD_KEY = "__debezium.oldkey";
  private static final String NEW_KEY = "__debezium.newkey";
  private static final String COMMIT_POSITION = "lsn_commit";

  private final ShapeWatch shapes;
  private final Map<String, TableFlow> byName = new HashMap<>();
  private final Map<Schema, TableFlow> bySchema = new IdentityHashMap<>();
  private @Nullable Key movedFrom;

  RecordDecoder(List<TableFlow> tables, ShapeWatch shapes) {
    this.shapes = shapes;
    for (TableFlow table : tables) {
      if (byName.put(table.source().toString(), table) != null) {
        throw new IllegalArgumentException("Two tables have one name to the connector: " + table.source());
      }
    }
  }

  /** Tells whether the record ends a transaction, so that its offset may be confirmed once it is applied. */
  static boolean isEnd(SourceRecord record) {
    return record.value() instanceof Struct value && value.schema().field(STATUS) != null && "END".equals(value.getString(STATUS));
  }

  /** Returns the position behind the commit record of the transaction that this record ends. */
  static Lsn endOf(SourceRecord record) {
    return new Lsn(((Number) Objects.requireNonNull(record.sourceOffset().get(COMMIT_POSITION))).longValue());
  }

  void decode(SourceRecord record, StreamSink sink) throws SQLException, InterruptedException {
    if (!(record.value() instanceof Struct value)) {
      return;
    }
    if (isEnd(record)) {
      sink.committed(endOf(record));
    } else if (value.schema().field("op") != null) {
      decodeOperation(record, value, sink);
    }
  }

  private void decodeOperation(SourceRecord record, Struct value, StreamSink sink)
      throws SQLException, InterruptedException {
    String operation = value.getString("op");
    if (operation.equals("m")) {
      sink.marked(message(value));
      return;
    }
    TableFlow table = table(value.schema());
    Lsn at = new Lsn(Objects.requireNonNull(value.getStruct("source").getInt64("lsn")));
    switch (operation) {
      case "c" -> sink.changed(inserted(table, record, value), at);
      case "u" -> sink.changed(updated(table, value), at);
      case "d" -> {
        Key key = oldKey(table, value);
        // A changed key arrives as a deletion and an insertion, which stands for the two.
        if (header(record, NEW_KEY) != null) {
          movedFrom = key;
        } else {
          sink.changed(new RowChange(table, Kind.DELETE, key, null), at);
        }
      }
      case "t" -> sink.changed(RowChange.truncation(table), at);
      default -> throw new IllegalStateException("The stream delivered an operation '%s' on %s that nobody knows"
          .formatted(operation, table.source()));
    }
  }

  private RowChange inserted(TableFlow table, SourceRecord record, Struct value) {
    @Nullable String[] row = row(table, value.getStruct("after"));
    if (header(record, OLD_KEY) == null) {
      return new RowChange(table, Kind.INSERT, Key.of(table, row), row);
    }
    Key former = Objects.requireNonNull(movedFrom, "the deletion that precedes a changed key");
    movedFrom = null;
    return new RowChange(table, Kind.UPDATE, former, row);
  }

  private RowChange updated(TableFlow table, Struct value) {
    @Nullable String[] row = row(table, value.getStruct("after"));
    // The log carries the old key where it has changed, and where it is stored outside the row.
    Key key = value.getStruct("before") == null ? Key.of(table, row) : oldKey(table, value);
    return new RowChange(table, Kind.UPDATE, key, row);
  }

  /** The connector's own notion of a key may be another unique index; the old row carries what the log identifies rows by. */
  private Key oldKey(TableFlow table, Struct value) {
    return Key.of(table, row(table, Objects.requireNonNull(value.getStruct("before"))));
  }

  private TableFlow table(Schema event) {
    TableFlow known = bySchema.get(event);
    if (known == null) {
      String name = event.field("after").schema().fields().get(0).schema().parameters().get(ExactText.TABLE);
      known = byName.get(name);
      if (known == null) {
        throw new IllegalStateException("The stream delivered a change of %s, which does not move".formatted(name));
      }
      bySchema.put(event, known);
    }
    return known;
  }

  private @Nullable String[] row(TableFlow table, Struct after) {
    shapes.accept(table, after.schema());
    @Nullable String[] row = new String[table.columns().size()];
    for (int i = 0; i < row.length; i++) {
      Field field = after.schema().field(table.columns().get(i).source());
      // A null must stay one: Struct.get would put the column's default in its place.
      row[i] = field == null ? RowChange.ABSENT : (String) after.getWithoutDefault(field.name());
    }
    return row;
  }

  private static String message(Struct value) {
    Object content = value.getStruct("message").get("content");
    byte[] bytes = content instanceof ByteBuffer buffer ? bytes(buffer) : (byte[]) Objects.requireNonNull(content);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static @Nullable Header header(SourceRecord record, String name) {
    return record.headers().lastWithName(name);
  }
}
