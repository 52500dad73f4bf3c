package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.StringProvider;

/**
 * Tells which tables a text names, if the text is SQL at all.
 *
 * <p>Tables are found by the words before them, in any dialect and around any hole, so that nothing is skipped. A parser
 * tells whether a statement was understood as a whole.
 */
public final class SqlReader {

  /** Beyond these the parser may take minutes; such a statement counts as understood in part. */
  private static final int LONGEST_PARSED = 50_000;
  private static final int DEEPEST_PARSED = 100;
  private static final int MOST_WORDS_OF_AN_OPENING = 5;
  /** Most strings of a code base begin with no word of SQL; they need not be cut into words. */
  private static final Pattern BEGINNING = Pattern.compile("(?:\\s++|\\(|--[^\\n]*+\\n|#\\s[^\\n]*+\\n|/\\*!\\d*|/\\*.*?\\*/|<script>)*+(?:\\$\\{|<|\\{|"
      + TableName.HOLE + "|(?:" + String.join("|", Shapes.verbs()) + "|use|start|commit)\\b)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** A text for people that shows a statement; no template's element is called so and closed. */
  private static final Pattern PAGE = Pattern.compile("\\s*+<(?:!doctype|html|(p|pre|div|span|b|i|u|em|strong|code|tt|samp|h[1-6]|a|ul|ol|li|font"
      + "|center|small|blockquote|label|textarea|option|button|td|th|dd|dt|title)\\b[^>]*+>.*</\\1>)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern SETTING = Pattern.compile("\\s*+(?:set|alter|use|select|reset|discard)\\s", Pattern.CASE_INSENSITIVE);

  /** What a query does that sets a schema; nearly all queries of a code base do not. */
  private static final Pattern NAMING = Pattern.compile("\\A\\s*+(?!select)|set_config", Pattern.CASE_INSENSITIVE);

  private SqlReader() {}

  /**
   * Reads a text that may be SQL.
   *
   * @return nothing if the text is no SQL
   */
  public static Optional<Reading> read(String text) {
    return read(text, Optional.empty());
  }

  /** Reads a text that may be SQL, after another one has set a schema for names without one. */
  public static Optional<Reading> read(String text, Optional<String> searchPath) {
    return read(text, searchPath, OwnTables.temporaryIn(text));
  }

  /** Reads a text that may be SQL, where a schema is set, and where the text and others have made these temporary tables. */
  public static Optional<Reading> read(String text, Optional<String> searchPath, Set<String> own) {
    if (!BEGINNING.matcher(text).lookingAt() || PAGE.matcher(text).lookingAt()) {
      return Optional.empty();
    }
    String sql = Placeholders.replaced(text);
    return isSql(sql) ? Optional.of(statements(sql, searchPath, own)) : Optional.empty();
  }

  /** Of several statements the first ones may say nothing by themselves: BEGIN, SET, USE. */
  private static boolean isSql(String sql) {
    for (Statements.Statement statement : Statements.of(sql)) {
      List<Token> tokens = Tokenizer.tokens(statement.sql());
      if (Shapes.isStatement(tokens)) {
        return true;
      } else if (!tokens.isEmpty() && !isOpening(tokens)) {
        return false;
      }
    }
    return false;
  }

  private static boolean isOpening(List<Token> tokens) {
    return tokens.size() <= MOST_WORDS_OF_AN_OPENING && tokens.get(0).isAny("begin", "use", "start", "set", "commit");
  }

  /** Reads a text that is SQL for certain. */
  public static Reading readStatement(String text, Optional<String> searchPath) {
    return readStatement(text, searchPath, OwnTables.temporaryIn(text));
  }

  /** Reads a text that is SQL for certain, where the text and others have made these temporary tables. */
  public static Reading readStatement(String text, Optional<String> searchPath, Set<String> own) {
    String sql = Placeholders.replaced(text);
    return sql.replace(TableName.HOLE, "").isBlank() ? Reading.notKnown() : statements(sql, searchPath, own);
  }

  /** Reads a part of a statement: a restriction, a formula. */
  public static Reading readExpression(String text) {
    String sql = Placeholders.replaced(text);
    Understanding understanding = sql.contains(TableName.HOLE) ? Understanding.PART : Understanding.WHOLE;
    return new Reading(TokenReader.read(Tokenizer.tokens(sql)), understanding, Optional.empty());
  }

  /** Reads a condition or a column: in {@code users.account.id = 1} the column says which table it is of. */
  public static Reading readCondition(String text) {
    Reading reading = readExpression(text);
    List<TableUse> uses = new ArrayList<>(reading.uses());
    List<Token> tokens = Tokenizer.tokens(Placeholders.replaced(text));
    for (int i = 0; i < tokens.size(); i++) {
      boolean call = i + 1 < tokens.size() && tokens.get(i + 1).is("(");
      tokens.get(i).tableOfColumn().filter(table -> !call && uses.stream().noneMatch(use -> use.table().equals(table)))
          .ifPresent(table -> uses.add(new TableUse(table, Access.READ, 1)));
    }
    return new Reading(uses, reading.understanding(), Optional.empty());
  }

  /** Reads a statement of a script; the lines are those of the script. */
  public static List<TableUse> readScript(String statement) {
    List<Token> tokens = Tokenizer.tokens(statement);
    return new Reading(TokenReader.read(tokens), Understanding.WHOLE, Optional.empty()).uses();
  }

  /** Returns the schema that a statement sets for names without one behind it. */
  public static Optional<String> searchPathOf(String statement) {
    return !SETTING.matcher(statement).lookingAt() || !NAMING.matcher(statement).find() ? Optional.empty() : SearchPath.setBy(new Words(Tokenizer.tokens(statement)));
  }

  private static Reading statements(String sql, Optional<String> searchPath, Set<String> own) {
    Reading all = new Reading(List.of(), Understanding.WHOLE, searchPath);
    for (Statements.Statement statement : Statements.of(sql)) {
      all = all.and(one(statement.sql(), Tokenizer.tokens(statement.sql()), all.searchPath(), own));
    }
    return all;
  }

  private static Reading one(String sql, List<Token> tokens, Optional<String> searchPath, Set<String> own) {
    Optional<String> set = SearchPath.setBy(new Words(tokens));
    List<TableUse> uses = new ArrayList<>();
    Optional<String> home = SearchPath.ofElements(new Words(tokens)).or(() -> SearchPath.ofFunction(new Words(tokens))).or(() -> searchPath);
    TokenReader.read(tokens).stream().filter(use -> !OwnTables.isOwn(use, own)).forEach(use -> uses.add(inPath(use, home)));
    if (uses.isEmpty() && Shapes.lacksItsTables(tokens)) {
      return new Reading(List.of(), Understanding.NOT, searchPath);
    }
    boolean holes = set.isEmpty() && sql.contains(TableName.HOLE);
    return new Reading(uses, holes ? Understanding.PART : Understanding.WHOLE, set.isPresent() ? List.of() : List.of(sql),
        set.or(() -> searchPath));
  }

  private static TableUse inPath(TableUse use, Optional<String> searchPath) {
    boolean bare = use.table().schema().isEmpty() && !use.table().isUnknown();
    boolean set = searchPath.isPresent() && !searchPath.get().equals(SearchPath.AS_AT_FIRST);
    return bare && set ? new TableUse(TableName.of(searchPath.get(), use.table().table()), use.access(), use.line()) : use;
  }

  private static int depth(String sql) {
    int depth = 0;
    int deepest = 0;
    for (int i = 0; i < sql.length(); i++) {
      depth += sql.charAt(i) == '(' ? 1 : sql.charAt(i) == ')' ? -1 : 0;
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }

  /** Tells whether a parser takes a statement. */
  static boolean isParsed(String sql) {
    if (sql.length() > LONGEST_PARSED || depth(sql) > DEEPEST_PARSED) {
      return false;
    }
    try {
      new CCJSqlParser(new StringProvider(sql)).withAllowComplexParsing(false).Statement();
      return true;
    } catch (ParseException | RuntimeException | StackOverflowError notUnderstood) {
      return false;
    }
  }
}
