package dev.banyan.move.verify;

import dev.banyan.move.database.TableFlow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row that differs, as both sides have it.
 *
 * @param table the table
 * @param difference what is wrong
 * @param here the owner's row; null where it has none
 * @param there the other side's row; null where it has none
 */
record RowPair(TableFlow table, RowDifference difference, @Nullable String @Nullable [] here,
    @Nullable String @Nullable [] there) {

  /** Returns the positions of the columns that differ; none where the row is on one side only. */
  List<Integer> differing() {
    List<Integer> differing = new ArrayList<>();
    for (int i = 0; here != null && there != null && i < here.length; i++) {
      if (!Objects.equals(here[i], there[i])) {
        differing.add(i);
      }
    }
    return differing;
  }

  /** Returns the difference with the names of the columns that differ. */
  RowDifference detailed() {
    return difference.in(differing().stream().map(i -> table.columns().get(i).source()).toList());
  }

  /** Returns the key and what differs, with values, for people; of a row that is on one side only, all of it. */
  String shown() {
    List<Integer> differing = differing();
    StringBuilder text = new StringBuilder("%s %s".formatted(table.source(), difference.kind().word()));
    for (int i = 0; i < table.columns().size(); i++) {
      if (differing.isEmpty() || differing.contains(i) || table.columns().get(i).key()) {
        text.append("\n    ").append(table.columns().get(i).source()).append(": ").append(values(i));
      }
    }
    return text.toString();
  }

  private String values(int column) {
    if (here == null || there == null) {
      return quoted(here == null ? Objects.requireNonNull(there)[column] : here[column]);
    }
    return Objects.equals(here[column], there[column]) ? quoted(here[column])
        : "%s, but there %s".formatted(quoted(here[column]), quoted(there[column]));
  }

  private static String quoted(@Nullable String value) {
    return value == null ? "null" : "'" + value + "'";
  }
}
