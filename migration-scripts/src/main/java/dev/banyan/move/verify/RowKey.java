package dev.banyan.move.verify;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a row is found by on both sides.
 *
 * @param values the texts of the key's columns, in their order within the table
 */
public record RowKey(List<@Nullable String> values) {

  private static final int SHOWN_LETTERS = 2;

  /** Returns the key as reports show it: digits, hexadecimal digits and hyphens tell nothing about a person; others may. */
  public String masked() {
    return values.stream().map(RowKey::masked).collect(Collectors.joining(",", "(", ")"));
  }

  private static String masked(@Nullable String value) {
    String text = Objects.toString(value, "");
    return text.matches("[0-9a-fA-F-]*") ? text : text.substring(0, Math.min(SHOWN_LETTERS, text.length())) + "…";
  }

  @Override
  public String toString() {
    return masked();
  }
}
