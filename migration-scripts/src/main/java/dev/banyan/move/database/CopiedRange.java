package dev.banyan.move.database;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of a table's keys, in the order of {@link SourceKey}, and under which snapshot it was copied.
 *
 * @param source the table that the rows come from
 * @param number its place among the ranges of its table
 * @param after the key that it begins behind; null for the beginning
 * @param upTo the last key of it; null for the end
 * @param position the position of the snapshot; null where it is not copied yet
 * @param rows how many rows were copied
 */
public record CopiedRange(TableName source, int number, @Nullable List<String> after, @Nullable List<String> upTo,
    @Nullable Lsn position, long rows) {

  /** Tells whether its rows are on the other side. */
  public boolean isCopied() {
    return position != null;
  }
}
