package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a block of PostgreSQL's, Oracle's or MySQL's executes: literals, {@code 'delete from ' || t}, {@code format('delete from %I', t)},
 * and what the block has assigned to the variable that it executes. What is put in is a hole, as in code.
 */
final class DynamicSql {

  private static final Set<String> ENDS = Set.of(";", "using", "into", "loop", "bulk", "returning");
  /** What stands in front of EXECUTE where it begins a statement, and does not end a definition or name a right. */
  private static final String[] BEFORE = {";", "begin", "then", "else", "loop", "query", "in", "for", "execute"};
  private static final String[] BEFORE_ASSIGNMENT = {";", "begin", "then", "else", "loop", "declare", "set"};
  private static final int LONGEST_TYPE = 6;
  private static final Pattern SPECIFIER = Pattern.compile("%(?:(\\d+)\\$)?-?\\d*([ILs%])");

  private final Words words;

  DynamicSql(Words words) {
    this.words = words;
  }

  /** Returns the statements that may stand behind EXECUTE or IMMEDIATE; a hole is one of which nothing is known. */
  List<String> at(int i) {
    int first = words.skip(i + 1, "(");
    boolean begins = i > 0 && words.at(i - 1).isAny(BEFORE) && !words.at(first).isAny("immediate", "function", "procedure", "on");
    boolean statement = words.at(first).isName() && (Shapes.verbs().contains(words.at(first).lower()) || isPrepared(words.at(first).text()));
    return isLiteral(first) && i > 0 || begins && !statement ? statements(first) : List.of();
  }

  /** Returns the statements that MySQL's {@code prepare s from …} is given at a position. */
  List<String> prepared(int first) {
    return statements(first);
  }

  /** It is read where it is prepared. */
  private boolean isPrepared(String name) {
    for (int i = 1; i < words.size(); i++) {
      if (words.at(i).is(name) && words.at(i - 1).is("prepare")) {
        return true;
      }
    }
    return false;
  }

  private List<String> statements(int first) {
    boolean variable = words.at(first).isName() && (words.at(first + 1).text().isEmpty() || words.at(first + 1).is(")") || isEnd(first + 1));
    List<String> assigned = variable ? assigned(words.at(first).text()) : List.of();
    return assigned.isEmpty() ? List.of(pieces(first)) : assigned;
  }

  /** Of several assignments either may hold; one that goes on with the variable itself makes it longer. */
  private List<String> assigned(String variable) {
    List<String> found = new ArrayList<>();
    for (int k = 0; k < words.size(); k++) {
      int value = words.at(k).is(variable) ? valueAt(k) : -1;
      if (value > 0 && words.at(value).is(variable) && !found.isEmpty()) {
        found.replaceAll(text -> text + pieces(value + 1));
      } else if (value > 0) {
        found.add(pieces(value));
      }
    }
    return found;
  }

  /** {@code q := …}, {@code q = …}, {@code q text := …}; nothing where the variable is only named. */
  private int valueAt(int k) {
    boolean begins = words.at(k - 1).isAny(BEFORE_ASSIGNMENT);
    int i = k + 1;
    while (begins && i < k + LONGEST_TYPE && !words.at(i).isAny(":", "=", "default", ";", "in")) {
      i++;
    }
    if (words.at(i).is(":") && words.at(i + 1).is("=")) {
      return i + 2;
    }
    return begins && (words.at(i).is("=") && i == k + 1 || words.at(i).is("default")) ? i + 1 : -1;
  }

  private boolean isEnd(int i) {
    return words.at(i).kind() != Token.Kind.LITERAL && ENDS.contains(words.at(i).lower());
  }

  private boolean isLiteral(int i) {
    return words.at(i).kind() == Token.Kind.LITERAL;
  }

  private String pieces(int first) {
    int depth = words.at(first).depth();
    int i = first;
    while (i < words.size() && words.at(i).depth() >= depth && !(words.at(i).depth() == depth && isEnd(i))) {
      i++;
    }
    return pieces(first, i);
  }

  private String pieces(int first, int end) {
    var statement = new StringBuilder();
    for (int i = first; i < end; i = next(i, end)) {
      if (!words.at(i).isAny("|", ",", ")")) {
        String piece = piece(i);
        statement.append(piece.equals(TableName.HOLE) && statement.toString().endsWith(piece) ? "" : piece);
      }
    }
    return statement.toString();
  }

  private int next(int i, int end) {
    return words.at(i + 1).is("(") && words.at(i).isName() ? Math.min(words.afterParentheses(i + 1), end) : i + 1;
  }

  private String piece(int i) {
    if (words.at(i).is("format") && isLiteral(i + 2)) {
      return formatted(content(i + 2), arguments(i));
    } else if (words.at(i).is("quote_ident") && isLiteral(i + 2)) {
      return content(i + 2);
    } else if (words.at(i).is("concat") && words.at(i + 1).is("(")) {
      return pieces(i + 2, words.afterParentheses(i + 1) - 1);
    }
    return isLiteral(i) ? content(i) : TableName.HOLE;
  }

  /** What is given to FORMAT behind its text: a literal, or a hole. */
  private List<String> arguments(int format) {
    List<String> arguments = new ArrayList<>();
    int depth = words.at(format + 2).depth();
    for (int i = format + 3; i < words.afterParentheses(format + 1) - 1; i++) {
      if (words.at(i).is(",") && words.at(i).depth() == depth) {
        arguments.add(isLiteral(i + 1) && words.at(i + 2).isAny(",", ")") ? content(i + 1) : TableName.HOLE);
      }
    }
    return arguments;
  }

  private String content(int i) {
    String text = words.at(i).text();
    return text.startsWith("$") ? text.replaceAll("^\\$\\w*\\$|\\$\\w*\\$$", "") : text.replaceAll("^[^']*'|'$", "").replace("''", "'");
  }

  /** {@code %L} is a value, {@code %I} and {@code %s} may be a name. */
  private static String formatted(String text, List<String> arguments) {
    var next = new int[1];
    return SPECIFIER.matcher(text).replaceAll(specifier -> {
      if (specifier.group(2).equals("%")) {
        return "%";
      }
      int index = specifier.group(1) == null ? next[0]++ : Integer.parseInt(specifier.group(1)) - 1;
      boolean value = specifier.group(2).equals("L");
      return Matcher.quoteReplacement(value ? "?" : index >= 0 && index < arguments.size() ? arguments.get(index) : TableName.HOLE);
    });
  }
}
