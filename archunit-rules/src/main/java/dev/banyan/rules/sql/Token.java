package dev.banyan.rules.sql;

import java.util.Locale;
import java.util.Optional;

/** One word, name, literal or sign of an SQL text. */
record Token(Kind kind, String text, int line, int depth) {

  enum Kind { NAME, LITERAL, SIGN }

  boolean is(String word) {
    return kind != Kind.LITERAL && text.equalsIgnoreCase(word);
  }

  boolean isAny(String... words) {
    for (String word : words) {
      if (is(word)) {
        return true;
      }
    }
    return false;
  }

  boolean isName() {
    return kind == Kind.NAME;
  }

  String lower() {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Returns the table of a column that is named with its table and that one's schema. */
  Optional<TableName> tableOfColumn() {
    int column = text.lastIndexOf('.');
    return isName() && column > text.indexOf('.') ? Optional.of(TableName.parse(text.substring(0, column))) : Optional.empty();
  }
}
