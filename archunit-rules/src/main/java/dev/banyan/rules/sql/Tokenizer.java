package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts SQL of any dialect into tokens; comments are dropped. The body of a dollar-quoted string is SQL again (a
 * function), so only its quotes are dropped. A name with its dots is one token.
 */
final class Tokenizer {

  /** PostgreSQL's comments may hold others; where they may not, the end of the second one would be an error. */
  static final String COMMENT = "/\\*(?!!)(?:[^*/]++|\\*(?!/)|/(?!\\*)|/\\*(?:[^*]++|\\*(?!/))*+\\*/)*+\\*/";
  static final String ORACLE_LITERAL = "[qQ]'\\[.*?]'|[qQ]'\\{.*?}'|[qQ]'\\(.*?\\)'|[qQ]'<.*?>'"
      + "|[qQ]'(?<delimiter>[^\\s\\w'\\[{(<]).*?\\k<delimiter>'";

  private static final String PART = "(?:\"(?:[^\"]++|\"\")*+\"|`[^`]*`|\\[[\\w ]+]|[\\p{L}_#@][\\p{L}\\p{N}_$#@]*)";
  private static final Pattern TOKEN = Pattern.compile(
      "(?<space>\\s+)"
          + "|(?<comment>--[^\\n]*|#(?=\\s)[^\\n]*|/\\*!\\d*|\\*/|" + COMMENT + "|/\\*.*?(?:\\*/|\\z))"
          + "|(?<dollar>\\$(?:[\\p{L}_]\\w*)?\\$)"
          + "|(?<literal>" + ORACLE_LITERAL + "|'\\\\'(?!')|[eEnNbBxX]?'(?:[^'\\\\]++|''|\\\\.)*+')"
          + "|(?<parameter>(?<!:):[\\p{L}_][\\p{L}\\p{N}_]*(?:\\.[\\p{L}\\p{N}_]+)*)"
          + "|(?<name>" + PART + "(?:\\s*\\.\\s*" + PART + ")*)"
          + "|(?<number>\\d[\\w.]*)"
          + "|(?<sign>.)", Pattern.DOTALL);

  private static final Pattern AROUND_DOT = Pattern.compile("\\s++\\.\\s*+|\\.\\s++");

  private final List<Token> tokens = new ArrayList<>();
  private int line = 1;
  private int depth;

  private Tokenizer() {}

  static List<Token> tokens(String sql) {
    var tokenizer = new Tokenizer();
    Matcher matcher = TOKEN.matcher(sql).useTransparentBounds(true);
    while (matcher.find()) {
      boolean text = sql.charAt(matcher.start()) == '$' && (tokenizer.isOfQuery() || tokenizer.isOfExpression()) && matcher.group("dollar") != null;
      int end = text ? sql.indexOf(matcher.group(), matcher.end()) : -1;
      if (end < 0) {
        tokenizer.take(matcher);
      } else {
        tokenizer.literal(sql.substring(matcher.start(), end + matcher.group().length()));
        matcher.region(end + matcher.group().length(), sql.length());
      }
    }
    return tokenizer.tokens;
  }

  /** A query has no function's body in it: what stands between dollars there is a text. */
  private boolean isOfQuery() {
    return !tokens.isEmpty() && tokens.get(0).isAny("select", "insert", "update", "delete", "values", "merge");
  }

  /** {@code format($q$delete from %I$q$, t)}, {@code execute $q$delete from $q$ || t}: what is put in stands behind it, as no part of it. */
  private boolean isOfExpression() {
    int last = tokens.size() - 1;
    return last > 0 && (tokens.get(last).isAny("execute", "immediate", "|") || tokens.get(last).is("=") && tokens.get(last - 1).is(":")
        || tokens.get(last).is("(") && tokens.get(last - 1).isAny("format", "concat"));
  }

  private void literal(String text) {
    add(Token.Kind.LITERAL, text);
    line += lines(text);
  }

  private void take(Matcher matcher) {
    String text = matcher.group();
    if (Character.isWhitespace(text.charAt(0))) {
      line += lines(text);
    } else if (matcher.group("name") != null) {
      add(Token.Kind.NAME, AROUND_DOT.matcher(text).find() ? AROUND_DOT.matcher(text).replaceAll(".") : text);
      line += lines(text);
    } else {
      other(matcher, text);
      line += lines(text);
    }
  }

  private void other(Matcher matcher, String text) {
    if (matcher.group("literal") != null) {
      add(Token.Kind.LITERAL, text);
    } else if (matcher.group("parameter") != null) {
      add(Token.Kind.SIGN, "?");
    } else if (matcher.group("sign") != null || matcher.group("number") != null) {
      sign(text);
    }
  }

  private static int lines(String text) {
    int lines = 0;
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      lines++;
    }
    return lines;
  }

  private void sign(String text) {
    if (text.equals(")")) {
      depth--;
    }
    add(Token.Kind.SIGN, text);
    if (text.equals("(")) {
      depth++;
    }
  }

  private void add(Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, line, depth));
  }
}
