package dev.banyan.move.stream;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * About how many bytes of memory a record holds. The engine's own estimate encodes every text to count its bytes, on
 * the thread that everything waits for.
 */
final class RecordWeight {

  // Maps of offsets, structures, schemas' references.
  private static final long RECORD = 1_000;
  private static final long VALUE = 56;

  private RecordWeight() {}

  static long of(SourceRecord record) {
    return record.value() instanceof Struct value ? RECORD + row(value, "before") + row(value, "after") : RECORD;
  }

  private static long row(Struct event, String name) {
    Field field = event.schema().field(name);
    return field != null && event.get(field) instanceof Struct row ? row(row) : 0;
  }

  private static long row(Struct row) {
    long bytes = 0;
    for (Field column : row.schema().fields()) {
      bytes += VALUE + 2 * length(row.get(column));
    }
    return bytes;
  }

  /** Values are texts, see {@link ExactText}. */
  private static long length(@Nullable Object value) {
    return value instanceof String text ? text.length() : 0;
  }
}
