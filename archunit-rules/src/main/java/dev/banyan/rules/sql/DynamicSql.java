package dev.banyan.rules.sql;

import java.util.Set;

/**
 * What a block of PostgreSQL's or Oracle's executes: literals, {@code 'delete from ' || t}, {@code format('delete from %I', t)}.
 * What is put in is a hole, as in code.
 */
final class DynamicSql {

  private static final Set<String> ENDS = Set.of(";", "using", "into", "loop", "bulk", "returning");
  /** What stands in front of EXECUTE where it begins a statement, and does not end a definition or name a right. */
  private static final String[] BEFORE = {";", "begin", "then", "else", "loop", "query", "in", "for", "execute"};

  private final Words words;

  DynamicSql(Words words) {
    this.words = words;
  }

  /** Returns the statement behind EXECUTE or IMMEDIATE; nothing is known of one that stands in a variable, and an empty text is none. */
  String at(int i) {
    int first = words.skip(i + 1, "(");
    boolean begins = i > 0 && words.at(i - 1).isAny(BEFORE) && !words.at(first).isAny("immediate", "function", "procedure", "on");
    boolean statement = words.at(first).isName() && Shapes.verbs().contains(words.at(first).lower());
    return isLiteral(first) && i > 0 || begins && !statement ? pieces(first) : "";
  }

  private boolean isLiteral(int i) {
    return words.at(i).kind() == Token.Kind.LITERAL;
  }

  private String pieces(int first) {
    var statement = new StringBuilder();
    int depth = words.at(first).depth();
    int i = first;
    while (i < words.size() && words.at(i).depth() >= depth && !(words.at(i).depth() == depth && ENDS.contains(words.at(i).lower()))) {
      boolean format = words.at(i).is("format") && isLiteral(i + 2);
      if (format || words.at(i).depth() == depth && isLiteral(i)) {
        statement.append(format ? formatted(content(i + 2)) : content(i));
      } else if (!words.at(i).is("|") && !statement.toString().endsWith(TableName.HOLE)) {
        statement.append(TableName.HOLE);
      }
      i = format ? words.afterParentheses(i + 1) : i + 1;
    }
    return statement.toString();
  }

  private String content(int i) {
    String text = words.at(i).text();
    return text.startsWith("$") ? text.replaceAll("^\\$\\w*\\$|\\$\\w*\\$$", "") : text.replaceAll("^[^']*'|'$", "").replace("''", "'");
  }

  /** {@code %L} is a value, {@code %I} and {@code %s} may be a name. */
  private static String formatted(String text) {
    return text.replaceAll("%(?:\\d+\\$)?-?\\d*L", "?").replaceAll("%(?:\\d+\\$)?-?\\d*[Is]", TableName.HOLE);
  }
}
