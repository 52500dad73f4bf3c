package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.sql.TableName;

/** A string that a value may be, with the place where it begins. */
record Fragment(String text, Origin origin) {

  /** Longer texts are no statements that anybody wrote. */
  static final int LONGEST = 20_000;

  private static final String HOLES = TableName.HOLE + TableName.HOLE;

  Fragment {
    while (text.contains(HOLES)) {
      text = text.replace(HOLES, TableName.HOLE);
    }
  }

  static Fragment hole(Origin origin) {
    return new Fragment(TableName.HOLE, origin);
  }

  boolean isHole() {
    return text.equals(TableName.HOLE);
  }

  Fragment then(Fragment next) {
    return new Fragment(text.length() > LONGEST ? text : text + next.text, text.isEmpty() || isHole() ? next.origin : origin);
  }

  /** Tells whether the other one is this with more behind it; then it names all tables that this one names. */
  boolean begins(Fragment longer) {
    if (longer.text.length() <= text.length() || !longer.text.startsWith(text) || text.indexOf(' ') < 0) {
      return false;
    }
    return !isPartOfName(text.charAt(text.length() - 1)) || !isPartOfName(longer.text.charAt(text.length()));
  }

  private static boolean isPartOfName(char c) {
    return Character.isJavaIdentifierPart(c) || c == '.';
  }
}
