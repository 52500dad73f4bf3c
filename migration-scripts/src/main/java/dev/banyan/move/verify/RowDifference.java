package dev.banyan.move.verify;

import java.util.List;
import java.util.Locale;

/**
 * A row that is not the same on both sides.
 *
 * @param kind what is wrong with it
 * @param key its key
 * @param columns the owner's names of the columns that differ; none where the row is on one side only, or was not looked at
 */
public record RowDifference(Kind kind, RowKey key, List<String> columns) {

  /** What can be wrong with a row. */
  public enum Kind {
    /** It is on both sides and not equal. */
    DIFFERENT,
    /** Only the owner has it. */
    MISSING,
    /** Only the other side has it. */
    EXTRA;

    /** Returns the name as reports show it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns the same difference with the columns that were found to differ. */
  RowDifference in(List<String> differing) {
    return new RowDifference(kind, key, differing);
  }

  /** Returns what is wrong, for people, without any value. */
  public String masked() {
    return kind.word() + " " + key.masked() + (columns.isEmpty() ? "" : ": " + String.join(", ", columns));
  }
}
