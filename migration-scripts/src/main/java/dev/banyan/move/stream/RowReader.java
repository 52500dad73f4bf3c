package dev.banyan.move.stream;

import dev.banyan.move.database.TableFlow;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one table as they are logged since it was described last. */
final class RowReader {

  private final TableFlow table;
  private final @Nullable Field[] fields;

  /**
   * Creates the reader.
   *
   * @param logged the row's schema
   */
  RowReader(TableFlow table, Schema logged) {
    this.table = table;
    this.fields = table.columns().stream().map(column -> logged.field(column.source())).toArray(Field[]::new);
  }

  TableFlow table() {
    return table;
  }

  /** Returns the values in the order of the table's columns; {@link RowChange#ABSENT} for one that was added later. */
  @Nullable String[] read(Struct row) {
    @Nullable String[] values = new String[fields.length];
    for (int i = 0; i < values.length; i++) {
      Field field = fields[i];
      // A null must stay one: Struct.get would put the column's default in its place.
      values[i] = field == null ? RowChange.ABSENT : (String) row.getWithoutDefault(field.name());
    }
    return values;
  }

  /** Returns the key in a row of which the log carries no more than that. */
  Key key(Struct before) {
    @Nullable String[] values = read(before);
    if (!table.keyless()) {
      for (int position : table.keyPositions()) {
        if (values[position] == null) {
          throw new IllegalStateException(("The log tells of a change of %s, but not the key %s of its row: its replica identity was"
              + " another one then. Nothing of it was applied.").formatted(table.source(), keyColumns()));
        }
      }
    }
    return Key.of(table, values);
  }

  private List<String> keyColumns() {
    return IntStream.of(table.keyPositions()).mapToObj(i -> table.columns().get(i).source()).toList();
  }
}
