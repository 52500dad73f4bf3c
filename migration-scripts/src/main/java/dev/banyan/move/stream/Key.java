package dev.banyan.move.stream;

import dev.banyan.move.database.TableFlow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < row.length; i++) {
      if (table.columns().get(i).key()) {
        values.add(Objects.requireNonNull(row[i]));
      }
    }
    return new Key(values);
  }

  /** Tells whether this is the key of a row; asked for every change, so it makes no other key. */
  boolean isOf(TableFlow table, @Nullable String[] row) {
    if (table.keyless()) {
      return values.equals(Arrays.asList(row));
    }
    int part = 0;
    for (int i = 0; i < row.length; i++) {
      if (table.columns().get(i).key() && !Objects.equals(values.get(part++), row[i])) {
        return false;
      }
    }
    return true;
  }
}
