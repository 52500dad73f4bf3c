package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.sql.TableName;
import java.util.regex.Pattern;

/** The marks around what a caller has put into a statement of another class: two characters that stand in no statement. */
final class Marks {

  private static final char BEGIN = '\uE000';
  private static final char END = '\uE001';
  private static final Pattern MARKED = Pattern.compile(BEGIN + "[^" + BEGIN + END + "]*+" + END);

  private Marks() {}

  static String around(String text) {
    return BEGIN + text + END;
  }

  static boolean areIn(String text) {
    return text.indexOf(BEGIN) >= 0;
  }

  /** Tells whether a text is one marked piece: then nothing was added to what the caller has. */
  static boolean isWhole(String text) {
    return MARKED.matcher(text.strip()).matches();
  }

  static String removed(String text) {
    return text.replace(String.valueOf(BEGIN), "").replace(String.valueOf(END), "");
  }

  /** Returns the text as the other class has it; what begins or ends with a space is no part of the name beside it. */
  static String withHoles(String text) {
    return removed(MARKED.matcher(text).replaceAll(match -> {
      String piece = removed(match.group());
      return (piece.startsWith(" ") ? " " : "") + TableName.HOLE + (piece.endsWith(" ") ? " " : "");
    }));
  }
}
