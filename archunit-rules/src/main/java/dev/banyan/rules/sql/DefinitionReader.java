package dev.banyan.rules.sql;

import java.util.Set;

/** Reads what definitions, grants, comments and sequences refer to. */
final class DefinitionReader {

  private static final Set<String> DEFINING = Set.of("create", "alter", "drop", "lock", "temp", "temporary", "unlogged", "foreign", "view",
      "replace", "materialized", "on", "recursive", "cached", "memory", "global", "local", "force", "rename", "external", "analyze", "add",
      "for", "linked", "optimize", "repair", "editionable", "private", "algorithm", "definer", "security");
  /** How far the word VIEW may be from CREATE, with all that MySQL allows in between. */
  private static final int FURTHEST = 20;
  /** What takes a list of tables; elsewhere a comma goes on with something else, such as the next action of ALTER TABLE. */
  private static final Set<String> LISTING = Set.of("drop", "lock", "analyze", "optimize", "repair", "check", "flush", "grant", "revoke");
  /** PostgreSQL's functions that take a table by its name in quotes. */
  private static final Set<String> TAKING_NAMES = Set.of("nextval", "currval", "setval", "pg_get_serial_sequence", "to_regclass",
      "pg_sequence_last_value", "pg_relation_size", "pg_table_size", "pg_total_relation_size", "pg_indexes_size");

  private final Words words;
  private final Tables tables;
  private boolean targetSeen;

  DefinitionReader(Words words, Tables tables) {
    this.words = words;
    this.tables = tables;
  }

  static boolean takesSequence(Token token) {
    String word = token.lower();
    return TAKING_NAMES.contains(word) || word.endsWith(".nextval") || word.endsWith(".currval");
  }

  void readAt(int i) {
    Token token = words.at(i);
    if (token.is("%")) {
      rowType(i);
    } else if (token.isName()) {
      word(i, token);
    } else if (token.kind() == Token.Kind.LITERAL) {
      registered(i, token);
    }
  }

  private void word(int i, Token token) {
    switch (token.lower()) {
      case "truncate" -> truncate(i);
      case "tables" -> lockedTables(i);
      case "lock" -> locked(i);
      case "table", "view", "sequence" -> definition(i);
      case "vacuum", "cluster", "analyze", "reindex" -> maintained(i);
      case "schema" -> schema(i);
      case "references" -> tables.one(i + 1, Access.REFERENCE);
      case "inherits" -> inherits(i);
      case "inherit" -> inherit(i);
      case "of", "like", "setof" -> derived(i);
      case "partition" -> partition(i);
      case "by" -> ownedBy(i);
      case "column" -> commentedColumn(i);
      case "for" -> valueFor(i);
      case "to" -> target(i);
      case "on" -> on(i);
      case "copy" -> copy(i);
      default -> sequence(i, token);
    }
  }

  private void truncate(int i) {
    if (i == 0 || words.at(i - 1).isAny(";", "begin", "then", "loop")) {
      tables.list(words.at(i + 1).is("table") ? i + 2 : i + 1, Access.WRITE);
    }
  }

  private void definition(int i) {
    int name = words.skip(i + 1, "if", "not", "exists", "only", "concurrently");
    Token before = words.at(i - 1);
    boolean rows = words.first().isAny("insert", "replace") && i > 2 && !before.isAny("into", "from", "join", ",");
    boolean query = before.isAny("(", "union", "all", "except", "intersect") || before.is("as") && words.first().is("create");
    boolean statement = (i == 0 || rows || query) && words.at(i).is("table") && words.at(name).isName();
    boolean options = words.first().isAny("create", "alter") && i < FURTHEST && words.at(i).is("view") && !words.at(i - 1).is(",");
    if (statement) {
      tables.one(name, Access.READ);
    } else if (before.isName() && DEFINING.contains(before.lower()) || options) {
      boolean reference = before.isAny("on", "for", "analyze") || before.is("add") && words.has("publication");
      Access access = reference ? Access.REFERENCE : Access.WRITE;
      if (reference || LISTING.contains(words.first().lower())) {
        tables.list(name, access);
      } else {
        tables.one(name, access);
      }
    }
  }

  private void lockedTables(int i) {
    if (words.at(i - 1).isAny("lock", "flush")) {
      tables.list(i + 1, Access.WRITE);
    }
  }

  /** PostgreSQL allows to leave TABLE out. */
  private void locked(int i) {
    if (i == 0 && words.has("mode") && !words.at(1).isAny("table", "tables")) {
      tables.list(1, Access.WRITE);
    }
  }

  /** {@code vacuum (full) t}, {@code cluster t using i}; ANALYZE reads, and says what it has seen. */
  private void maintained(int i) {
    if (i > 0 || words.at(1).is("table") && !words.first().is("reindex")) {
      return;
    }
    int name = words.at(1).is("(") ? words.afterParentheses(1) : 1;
    tables.list(words.skip(name, "verbose", "full", "freeze", "analyze", "table", "index", "concurrently"),
        words.first().is("analyze") ? Access.REFERENCE : Access.WRITE);
  }

  private void schema(int i) {
    int name = words.skip(i + 1, "if", "not", "exists");
    boolean defines = words.at(i - 1).isAny("create", "alter", "drop", "on", "in") || words.at(i - 1).is("set")
        && words.first().is("alter");
    if (defines && words.at(name).isName() && !words.at(name).isAny("authorization", "begin", "declare", "when", "call")) {
      Access access = words.at(i - 1).isAny("on", "in") ? Access.REFERENCE : Access.WRITE;
      tables.add(TableName.of(words.at(name).text(), "*"), access, words.at(name).line());
    }
  }

  private void inherits(int i) {
    if (words.at(i + 1).is("(")) {
      tables.list(i + 2, Access.REFERENCE);
    }
  }

  /** {@code alter table t inherit parent}; roles inherit as well. */
  private void inherit(int i) {
    if (words.first().is("alter") && words.at(1).isAny("table", "foreign") && words.at(i + 1).isName()) {
      tables.one(i + 1, Access.REFERENCE);
    }
  }

  private void derived(int i) {
    boolean like = words.at(i).is("like") && words.first().is("create") && (words.at(i - 1).is("(") || words.at(i - 2).is("table"));
    boolean partition = words.at(i).is("of") && words.at(i - 1).is("partition");
    if (like || partition) {
      tables.one(i + 1, Access.REFERENCE);
    } else if (words.at(i).is("setof") && words.at(i + 1).text().indexOf('.') > 0) {
      tables.one(i + 1, Access.REFERENCE);
    }
  }

  private void partition(int i) {
    if (words.at(i - 1).isAny("attach", "detach")) {
      tables.one(i + 1, Access.WRITE);
    }
  }

  private void ownedBy(int i) {
    if (words.at(i - 1).is("owned") && !words.at(i + 1).is("none")) {
      tables.ofColumn(words.at(i + 1), Access.REFERENCE);
    }
  }

  private void commentedColumn(int i) {
    if (words.first().is("comment") && words.at(i - 1).is("on")) {
      tables.ofColumn(words.at(i + 1), Access.REFERENCE);
    }
  }

  private void valueFor(int i) {
    boolean next = words.at(i - 1).is("value") && words.at(i - 2).isAny("next", "current", "previous");
    boolean synonym = words.first().is("create") && words.hasBefore(i, "synonym");
    if (next || synonym) {
      tables.one(i + 1, Access.REFERENCE);
    }
  }

  private void target(int i) {
    boolean rule = words.first().is("create") && words.hasBefore(i, "rule") && words.at(i - 2).is("on");
    boolean renamed = words.first().is("rename");
    if (rule || renamed) {
      tables.one(i + 1, Access.WRITE);
    }
    if (renamed && words.at(i + 2).is(",")) {
      tables.one(i + 3, Access.WRITE);
    }
  }

  /** Only the first of a definition or grant names a table; in queries it begins a condition. */
  private void on(int i) {
    boolean definition = words.first().isAny("create", "alter", "drop") && words.hasBefore(i, "index", "trigger", "policy") && !words.at(1).is("event");
    if (targetSeen || !(definition || words.first().isAny("grant", "revoke")) || words.hasBefore(i, "(") && !isTargetBehindParentheses(i)) {
      return;
    }
    targetSeen = true;
    if (!words.at(i + 1).isAny("table", "schema", "sequence", "all", "function", "procedure", "routine", "type", "domain")) {
      tables.list(words.skip(i + 1, "only"), definition ? Access.WRITE : Access.REFERENCE);
    }
  }

  /** {@code grant update (x) on t}. */
  private boolean isTargetBehindParentheses(int i) {
    return words.at(i).depth() == 0;
  }

  private void copy(int i) {
    if (i == 0 && !words.at(1).is("(")) {
      tables.one(1, words.has("from") ? Access.WRITE : Access.READ);
    }
  }

  private void sequence(int i, Token token) {
    int end = token.lower().lastIndexOf('.');
    if (TAKING_NAMES.contains(token.lower()) && words.at(i + 1).is("(") && words.at(i + 2).kind() == Token.Kind.LITERAL) {
      tables.add(TableName.parse(words.at(i + 2).text().replace("'", "")), Access.REFERENCE, token.line());
    } else if (end > 0 && takesSequence(token)) {
      tables.add(TableName.parse(token.text().substring(0, end)), Access.REFERENCE, token.line());
    }
  }

  /** {@code 'users.account'::regclass}. */
  private void registered(int i, Token literal) {
    if (words.at(i + 1).is(":") && words.at(i + 2).is(":") && words.at(i + 3).is("regclass")
        && !TAKING_NAMES.contains(words.callAround(i).lower())) {
      tables.add(TableName.parse(literal.text().replace("'", "")), Access.REFERENCE, literal.line());
    }
  }

  /** {@code users.account%rowtype} and {@code users.account.id%type}. */
  private void rowType(int i) {
    if (words.at(i + 1).is("rowtype")) {
      tables.one(i - 1, Access.REFERENCE);
    } else if (words.at(i + 1).is("type")) {
      tables.ofColumn(words.at(i - 1), Access.REFERENCE);
    }
  }
}
