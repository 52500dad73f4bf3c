package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.merge.Merge;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.util.TablesNamesFinder;

/**
 * Tells which tables a text names, if the text is SQL at all.
 *
 * <p>Queries and changes are parsed. What the parser does not understand, and everything else that is SQL, is read by
 * its words, so that nothing is skipped. A text is taken for SQL by its first word and by what that verb cannot do
 * without: "Update account" has no SET, "Delete an order from the list" no FROM after its verb.
 */
public final class SqlReader {

  private static final Map<String, Predicate<List<Token>>> SHAPES = shapes();

  private SqlReader() {}

  private static Map<String, Predicate<List<Token>>> shapes() {
    Map<String, Predicate<List<Token>>> shapes = new LinkedHashMap<>();
    shapes.put("select", tokens -> tokens.size() > 3 && !isSentence(tokens)
        && (has(tokens, "from") || TokenReader.hasSequence(tokens)));
    shapes.put("with", tokens -> has(tokens, "as") && has(tokens, "("));
    shapes.put("insert", tokens -> has(tokens, "into") && tokens.size() > 3);
    shapes.put("replace", tokens -> tokens.get(1).is("into"));
    shapes.put("update", tokens -> has(tokens, "set") && has(tokens, "="));
    shapes.put("delete", tokens -> tokens.get(1).is("from"));
    shapes.put("merge", tokens -> tokens.get(1).is("into") || has(tokens, "using"));
    shapes.put("truncate", tokens -> tokens.get(1).is("table") || tokens.get(1).text().contains("."));
    shapes.put("copy", tokens -> has(tokens, "stdin") || has(tokens, "stdout"));
    shapes.put("grant", tokens -> has(tokens, "on") && has(tokens, "to"));
    shapes.put("revoke", tokens -> has(tokens, "on") && has(tokens, "from"));
    shapes.put("lock", tokens -> tokens.get(1).is("table"));
    for (String verb : List.of("create", "alter", "drop")) {
      shapes.put(verb, tokens -> isDefinition(tokens));
    }
    return Map.copyOf(shapes);
  }

  private static boolean has(List<Token> tokens, String word) {
    return tokens.stream().anyMatch(token -> token.is(word));
  }

  /** "Select a file from the list" parses, as column "a" under the name "file"; nobody writes that without any sign. */
  private static boolean isSentence(List<Token> tokens) {
    return tokens.get(1).isAny("a", "an", "the", "your", "one") && tokens.get(2).isName() && !tokens.get(2).isAny("as", "from")
        && tokens.stream().allMatch(token -> token.isName() || token.is("."));
  }

  private static boolean isDefinition(List<Token> tokens) {
    return tokens.subList(1, Math.min(tokens.size(), 6)).stream().anyMatch(token -> token.isAny("table", "view", "index", "sequence",
        "schema", "trigger", "function", "procedure", "policy", "rule"));
  }

  /**
   * Reads a text that may be SQL.
   *
   * @return the tables, each once with the strongest access; nothing if the text is no SQL
   */
  public static Optional<List<TableUse>> read(String text) {
    List<Token> tokens = Tokenizer.tokens(text);
    if (!isSql(tokens)) {
      return Optional.empty();
    }
    List<TableUse> uses = new ArrayList<>(parse(text).orElseGet(() -> TokenReader.read(tokens)));
    // To the parser the name of a sequence is a literal like any other.
    uses.addAll(TokenReader.sequences(tokens));
    return Optional.of(merged(uses));
  }

  /** Reads a statement of a script, which is SQL for certain; the lines are those of the script. */
  public static List<TableUse> readScript(String statement) {
    List<Token> tokens = Tokenizer.tokens(statement);
    return tokens.isEmpty() ? List.of() : merged(TokenReader.read(tokens));
  }

  private static boolean isSql(List<Token> tokens) {
    List<Token> words = tokens.stream().dropWhile(token -> token.is("(")).toList();
    Predicate<List<Token>> shape = words.size() < 3 ? null : SHAPES.get(words.get(0).lower());
    return shape != null && shape.test(words);
  }

  private static Optional<List<TableUse>> parse(String text) {
    try {
      return tables(CCJSqlParserUtil.parse(text, parser -> parser.withTimeOut(2_000)));
    } catch (JSQLParserException | RuntimeException notUnderstood) {
      // Another dialect, or another language such as HQL: read by its words instead.
      return Optional.empty();
    }
  }

  /** Nothing for definitions: the finder leaves out what they refer to. */
  private static Optional<List<TableUse>> tables(Statement statement) {
    Optional<List<Table>> targets = targets(statement);
    return targets.map(written -> {
      List<TableUse> uses = new ArrayList<>();
      new TablesNamesFinder<Void>().getTables(statement).forEach(name -> uses.add(new TableUse(TableName.parse(name), Access.READ, 1)));
      written.forEach(table -> uses.add(new TableUse(TableName.parse(table.getFullyQualifiedName()), Access.WRITE, 1)));
      return uses;
    });
  }

  private static Optional<List<Table>> targets(Statement statement) {
    if (statement instanceof Select) {
      return Optional.of(List.of());
    } else if (statement instanceof Insert insert) {
      return Optional.of(List.of(insert.getTable()));
    } else if (statement instanceof Update update) {
      return Optional.of(List.of(update.getTable()));
    } else if (statement instanceof Delete delete) {
      return Optional.of(List.of(delete.getTable()));
    } else if (statement instanceof Merge merge) {
      return Optional.of(List.of(merge.getTable()));
    }
    return Optional.empty();
  }

  private static List<TableUse> merged(List<TableUse> uses) {
    Map<TableName, TableUse> merged = new LinkedHashMap<>();
    uses.forEach(use -> merged.merge(use.table(), use,
        (a, b) -> new TableUse(a.table(), a.access().stronger(b.access()), a.line())));
    return List.copyOf(merged.values());
  }
}
