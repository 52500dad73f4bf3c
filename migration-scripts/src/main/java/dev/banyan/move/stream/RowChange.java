package dev.banyan.move.stream;

import dev.banyan.move.database.TableFlow;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One committed change of one row, or the emptying of a table; values in PostgreSQL's text forms, in the order of {@link TableFlow#columns()}.
 *
 * @param table the table
 * @param kind what happened
 * @param key the key that the row had before, or has where it is new; empty where the table is emptied
 * @param row the row as it is now; null where it is gone; {@link #UNCHANGED} where the log does not carry the value
 */
record RowChange(TableFlow table, Kind kind, Key key, @Nullable String @Nullable [] row) {

  /**
   * Stands for a value that an update left alone and the log does not carry (an unchanged TOASTed one). No text of
   * PostgreSQL's holds a NUL, so nothing else can be mistaken for it.
   */
  static final String UNCHANGED = "\0unchanged";

  /**
   * Stands for a value that there was not yet when the change was logged: the column was added later. An update leaves it
   * alone, a new row gets its default.
   */
  static final String ABSENT = "\0absent";

  enum Kind { INSERT, UPDATE, DELETE, TRUNCATE }

  static RowChange truncation(TableFlow table) {
    return new RowChange(table, Kind.TRUNCATE, new Key(List.of()), null);
  }

  /** Returns the row, which a deletion has not. */
  @Nullable String[] image() {
    if (row == null) {
      throw new IllegalStateException("a deletion has no row");
    }
    return row;
  }

  /** Returns the key the row has after the change. */
  Key keyAfter() {
    return row == null ? key : Key.of(table, row);
  }

  /**
   * Tells whether the change cannot be folded with others: it empties the table, moves its row to another key, or there
   * is no key to fold by.
   */
  boolean standsAlone() {
    return kind == Kind.TRUNCATE || table.keyless() || isRekeying();
  }

  /** Tells whether the change moves the row to another key. */
  boolean isRekeying() {
    return kind == Kind.UPDATE && !key.isOf(table, image());
  }

  /** Tells whether there is a value to be written. */
  static boolean isCarried(@Nullable String value) {
    return !UNCHANGED.equals(value) && !ABSENT.equals(value);
  }

  /** Tells whether the log carries the value of every column that the row had. */
  boolean isWhole() {
    for (String value : image()) {
      if (UNCHANGED.equals(value)) {
        return false;
      }
    }
    return true;
  }

  /** Returns about how many characters the change holds; where there is no key, the former row is one. */
  long size() {
    long size = 64;
    if (row != null) {
      size += characters(Arrays.asList(row));
    }
    if (row == null || table.keyless() && kind == Kind.UPDATE) {
      size += characters(key.values());
    }
    return size;
  }

  private static long characters(List<@Nullable String> values) {
    long characters = 0;
    for (String value : values) {
      characters += value == null ? 0 : value.length();
    }
    return characters;
  }
}
