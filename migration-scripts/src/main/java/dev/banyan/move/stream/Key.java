package dev.banyan.move.stream;

import dev.banyan.move.database.TableFlow;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What tells a row from others: the values of its key, or all of them where the table has no key.
 *
 * @param values the values of the key's columns, in their order within the table; nulls only where there is no key
 */
record Key(List<@Nullable String> values) {

  static Key of(TableFlow table, @Nullable String[] row) {
    if (table.keyless()) {
      return new Key(Arrays.asList(row));
    }
    return new Key(IntStream.of(table.keyPositions()).mapToObj(i -> (@Nullable String) Objects.requireNonNull(row[i])).toList());
  }
}
