package dev.banyan.move.stream;

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
  private final Map<Schema, RowReader> readers = new IdentityHashMap<>();
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
    RowReader rows = reader(value.schema());
    Lsn at = new Lsn(Objects.requireNonNull(value.getStruct("source").getInt64("lsn")));
    switch (operation) {
      case "c" -> sink.changed(inserted(rows, record, value), at);
      case "u" -> sink.changed(updated(rows, value), at);
      case "d" -> {
        Key key = oldKey(rows, value);
        // A changed key arrives as a deletion and an insertion, which stands for the two.
        if (header(record, NEW_KEY) != null) {
          movedFrom = key;
        } else {
          sink.changed(new RowChange(rows.table(), Kind.DELETE, key, null), at);
        }
      }
      case "t" -> sink.changed(RowChange.truncation(rows.table()), at);
      default -> throw new IllegalStateException("The stream delivered an operation '%s' on %s that nobody knows"
          .formatted(operation, rows.table().source()));
    }
  }

  private RowChange inserted(RowReader rows, SourceRecord record, Struct value) {
    TableFlow table = rows.table();
    @Nullable String[] row = rows.read(value.getStruct("after"));
    if (header(record, OLD_KEY) == null) {
      return new RowChange(table, Kind.INSERT, Key.of(table, row), row);
    }
    Key former = Objects.requireNonNull(movedFrom, "the deletion that precedes a changed key");
    movedFrom = null;
    return new RowChange(table, Kind.UPDATE, former, row);
  }

  private static RowChange updated(RowReader rows, Struct value) {
    @Nullable String[] row = rows.read(value.getStruct("after"));
    // The log carries the old key where it has changed, and where it is stored outside the row.
    Key key = value.getStruct("before") == null ? Key.of(rows.table(), row) : oldKey(rows, value);
    return new RowChange(rows.table(), Kind.UPDATE, key, row);
  }

  /** The connector's own notion of a key may be another unique index; the old row carries what the log identifies rows by. */
  private static Key oldKey(RowReader rows, Struct value) {
    return rows.key(Objects.requireNonNull(value.getStruct("before")));
  }

  /** The connector makes a new schema whenever the log describes a table anew; the former one does not come again. */
  private RowReader reader(Schema event) {
    RowReader known = readers.get(event);
    if (known == null) {
      Schema row = event.field("after").schema();
      TableFlow table = table(row);
      shapes.accept(table, row);
      known = new RowReader(table, row);
      readers.values().removeIf(reader -> reader.table().equals(table));
      readers.put(event, known);
    }
    return known;
  }

  private TableFlow table(Schema row) {
    String name = row.fields().get(0).schema().parameters().get(ExactText.TABLE);
    TableFlow table = byName.get(name);
    if (table == null) {
      throw new IllegalStateException(("The stream delivered a change of %s, which does not move. Either a moved table had that name for"
          + " a while, or somebody has added it to the publication; what was written to it is not applied.").formatted(name));
    }
    return table;
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
