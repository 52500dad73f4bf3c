package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a text into its statements. */
public final class Statements {

  /** A part of a text, with the line it begins in, from 1. */
  public record Statement(String sql, int line) {}

  /** What ends a statement, and what may hide a semicolon. */
  private static final Pattern STEP = Pattern.compile(
      Tokenizer.ORACLE_LITERAL + "|--[^\\n]*|" + Tokenizer.COMMENT + "|/\\*.*?\\*/|(?<dollar>\\$(?:[\\p{L}_]\\w*)?\\$).*?\\k<dollar>|'(?:[^']++|'')*+'|\"(?:[^\"]++|\"\")*+\""
          + "|(?<declare>\\bdeclare\\b(?=[^;]*;.*?\\bbegin\\b)(?!\\s+@))|(?<block>\\bbegin\\b(?!\\s*(?:;|transaction|work)))"
          + "|(?<close>\\bend\\b(?!\\s+(?:if|loop|case)\\b))|(?<case>\\bcase\\b)|(?<end>;|^[ \\t]*(?:/|go)[ \\t\\r]*$)",
      Pattern.DOTALL | Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  private static final Pattern LONE_END = Pattern.compile("[ \\t]*(?:/|go)[ \\t\\r]*", Pattern.CASE_INSENSITIVE);

  private Statements() {}

  /** Returns the statements; a semicolon in a comment, a literal, a block or a function body ends none. */
  public static List<Statement> of(String text) {
    if (text.indexOf(';') < 0 && text.indexOf('\n') < 0) {
      return text.isBlank() || LONE_END.matcher(text).matches() ? List.of() : List.of(new Statement(text, 1));
    }
    List<Statement> statements = new ArrayList<>();
    Matcher matcher = STEP.matcher(text);
    int from = 0;
    int open = 0;
    boolean declared = false;
    while (matcher.find()) {
      if (matcher.group("declare") != null) {
        declared |= open == 0 && text.substring(from, matcher.start()).isBlank();
      } else if (matcher.group("block") != null && open == 0) {
        declared = false;
        open++;
      } else if (matcher.group("block") != null || matcher.group("case") != null) {
        open++;
      } else if (matcher.group("close") != null) {
        open = Math.max(0, open - 1);
      } else if (matcher.group("end") != null && open == 0 && !declared) {
        statements.add(statement(text, from, matcher.start()));
        from = matcher.end();
      }
    }
    statements.add(statement(text, from, text.length()));
    return statements.stream().filter(statement -> !statement.sql().isBlank()).toList();
  }

  private static Statement statement(String text, int from, int to) {
    int line = 1 + (int) text.substring(0, from).chars().filter(c -> c == '\n').count();
    return new Statement(text.substring(from, to), line);
  }
}
