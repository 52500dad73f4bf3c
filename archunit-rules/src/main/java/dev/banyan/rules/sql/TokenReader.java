package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the tables of a text by the words before them. It understands less than a parser and gives up on nothing: the
 * other dialects, definitions, grants and function bodies are read by it.
 */
final class TokenReader {

  private static final Set<String> NO_TABLE = Set.of("select", "lateral", "unnest", "values", "set", "on", "or", "of", "cascade",
      "nowait", "skip", "where", "delete", "update", "insert", "truncate", "conflict", "commit", "all", "dual", "function", "schema",
      "database", "language", "type", "domain");
  private static final Set<String> FROM_IN_CALL = Set.of("extract", "substring", "trim", "overlay", "position");

  private final List<Token> tokens;
  private final List<TableUse> uses = new ArrayList<>();
  private final Set<String> local = new HashSet<>();
  private boolean targetSeen;

  private TokenReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  static List<TableUse> read(List<Token> tokens) {
    var reader = new TokenReader(tokens);
    reader.collectLocalNames();
    for (int i = 0; i < tokens.size(); i++) {
      reader.readAt(i);
    }
    return reader.uses;
  }

  static boolean hasSequence(List<Token> tokens) {
    return tokens.stream().anyMatch(TokenReader::takesSequence);
  }

  /** Reads only the sequences that are called by name. */
  static List<TableUse> sequences(List<Token> tokens) {
    var reader = new TokenReader(tokens);
    for (int i = 0; i < tokens.size(); i++) {
      if (takesSequence(tokens.get(i))) {
        reader.sequence(i);
      }
    }
    return reader.uses;
  }

  private static boolean takesSequence(Token token) {
    return token.isAny("nextval", "currval", "setval");
  }

  /** Names of common table expressions: {@code name [(columns)] as [not materialized] (}. */
  private void collectLocalNames() {
    if (tokens.stream().noneMatch(t -> t.is("with"))) {
      return;
    }
    for (int i = 0; i + 2 < tokens.size(); i++) {
      int as = at(i + 1).is("(") ? afterParentheses(i + 1) : i + 1;
      int open = at(as + 1).is("not") ? as + 3 : at(as + 1).is("materialized") ? as + 2 : as + 1;
      if (at(i).isName() && at(as).is("as") && at(open).is("(")) {
        local.add(at(i).lower());
      }
    }
  }

  private void readAt(int i) {
    Token token = at(i);
    if (!token.isName()) {
      return;
    }
    switch (token.lower()) {
      case "from" -> from(i);
      case "join" -> names(i + 1, Access.READ);
      case "using" -> using(i);
      case "into" -> into(i);
      case "update" -> update(i);
      case "truncate" -> names(at(i + 1).is("table") ? i + 2 : i + 1, Access.WRITE);
      case "table", "view", "sequence" -> definition(i);
      case "schema" -> schema(i);
      case "references" -> names(i + 1, Access.REFERENCE);
      case "on" -> on(i);
      case "copy" -> names(i + 1, Access.WRITE);
      case "nextval", "currval", "setval" -> sequence(i);
      default -> { }
    }
  }

  private void from(int i) {
    boolean distinct = at(i - 1).is("distinct") && at(i - 2).isAny("is", "not");
    if (distinct || isInCall(i)) {
      return;
    }
    names(i + 1, at(i - 1).is("delete") ? Access.WRITE : Access.READ);
  }

  private boolean isInCall(int i) {
    for (int k = i - 1; k > 0; k--) {
      if (at(k).is("(") && at(k).depth() == at(i).depth() - 1) {
        return FROM_IN_CALL.contains(at(k - 1).lower());
      }
    }
    return false;
  }

  private void using(int i) {
    if (!at(i + 1).is("(") && tokens.get(0).isAny("merge", "delete", "with")) {
      names(i + 1, Access.READ);
    }
  }

  private void into(int i) {
    if (at(i - 1).isAny("insert", "merge", "replace", "ignore")) {
      names(i + 1, Access.WRITE);
    }
  }

  private void update(int i) {
    boolean clause = at(i - 1).isAny("for", "on", "do", "or", "before", "after", "key", "then");
    boolean set = tokens.subList(Math.min(i + 1, tokens.size()), tokens.size()).stream().anyMatch(t -> t.is("set"));
    if (!clause && set) {
      names(i + 1, Access.WRITE);
    }
  }

  private void definition(int i) {
    int name = i + 1;
    while (at(name).isAny("if", "not", "exists", "only", "concurrently")) {
      name++;
    }
    boolean defines = at(i - 1).isAny("create", "alter", "drop", "lock", "temp", "temporary", "unlogged", "foreign", "view", "replace",
        "materialized", "on", "owned", "recursive");
    if (defines) {
      names(name, at(i - 1).is("on") ? Access.REFERENCE : Access.WRITE);
    }
  }

  private void schema(int i) {
    int name = i + 1;
    while (at(name).isAny("if", "not", "exists")) {
      name++;
    }
    boolean defines = at(i - 1).isAny("create", "alter", "drop", "on");
    if (defines && at(name).isName() && !at(name).is("authorization")) {
      Access access = at(i - 1).is("on") ? Access.REFERENCE : Access.WRITE;
      uses.add(new TableUse(TableName.of(at(name).text(), "*"), access, at(name).line()));
    }
  }

  /** Only the first of a definition or grant names a table; in queries it begins a condition. */
  private void on(int i) {
    Token first = tokens.get(0);
    boolean definition = first.isAny("create", "alter", "drop")
        && tokens.subList(0, i).stream().anyMatch(t -> t.isAny("index", "trigger", "policy", "rule"));
    if (targetSeen || !(definition || first.isAny("grant", "revoke"))) {
      return;
    }
    targetSeen = true;
    if (!at(i + 1).isAny("table", "schema", "sequence")) {
      names(at(i + 1).is("only") ? i + 2 : i + 1, definition ? Access.WRITE : Access.REFERENCE);
    }
  }

  private void sequence(int i) {
    if (at(i + 1).is("(") && at(i + 2).kind() == Token.Kind.LITERAL) {
      String name = at(i + 2).text().replace("'", "");
      uses.add(new TableUse(TableName.parse(name), Access.REFERENCE, at(i + 2).line()));
    }
  }

  /** Reads {@code name [alias], name [alias] …}, up to whatever is no such list any more. */
  private void names(int from, Access access) {
    int i = at(from).is("only") ? from + 1 : from;
    while (at(i).isName() && !NO_TABLE.contains(at(i).lower())) {
      name(i, access);
      i = afterAlias(i + 1);
      if (!at(i).is(",")) {
        return;
      }
      i++;
    }
  }

  private void name(int i, Access access) {
    boolean call = at(i + 1).is("(") && access == Access.READ;
    if (!call && !local.contains(at(i).lower())) {
      uses.add(new TableUse(TableName.parse(at(i).text()), access, at(i).line()));
    }
  }

  private int afterAlias(int i) {
    int next = at(i).is("(") ? afterParentheses(i) : i;
    next = at(next).is("as") ? next + 1 : next;
    return at(next).isName() && at(next + 1).is(",") ? next + 1 : next;
  }

  private int afterParentheses(int open) {
    int i = open + 1;
    while (i < tokens.size() && !(at(i).is(")") && at(i).depth() == at(open).depth())) {
      i++;
    }
    return i + 1;
  }

  private Token at(int i) {
    return i >= 0 && i < tokens.size() ? tokens.get(i) : new Token(Token.Kind.SIGN, "", 0, 0);
  }
}
