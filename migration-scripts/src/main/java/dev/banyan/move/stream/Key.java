package dev.banyan.move.stream;

import dev.banyan.move.database.TableFlow;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A row's primary key.
 *
 * @param values the values of the key's columns, in their order within the table
 */
record Key(List<String> values) {

  static Key of(TableFlow table, @Nullable String[] row) {
    return new Key(IntStream.of(table.keyPositions()).mapToObj(i -> Objects.requireNonNull(row[i])).toList());
  }
}
