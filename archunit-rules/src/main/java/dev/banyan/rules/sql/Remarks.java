package dev.banyan.rules.sql;

import java.util.Set;

/**
 * What a statement cannot go on with, so that the text is one for people: "Delete from users.account returned 0 rows". What is put in
 * at run time may be anything.
 */
final class Remarks {

  private static final Set<String> JOINS = Set.of("join", "inner", "left", "right", "full", "cross", "natural", "straight_join", "outer");
  private static final Set<String> BEHIND_TABLE = Set.of("partition", "subpartition", "with", "use", "force", "ignore", "for", "as", "output", "tablesample");
  private static final Set<String> BEHIND_UPDATED = Set.of("set", "from");
  private static final Set<String> BEHIND_DELETED = Set.of("where", "using", "returning", "order", "limit", "from", "return", "log", "option");
  private static final Set<String> BEHIND_INSERTED = Set.of("values", "value", "select", "set", "default", "table", "exec", "execute", "returning",
      "overriding", "on", "direct", "sorted");
  private static final Set<String> BEHIND_MERGED = Set.of("using", "key", "values", "select");
  private static final Set<String> NO_ALIAS = Set.of("and", "or", "by", "when", "on", "only", "not", "is", "was", "has", "to", "in", "at");
  private static final Set<String> NO_ALIAS_OF_QUERY = Set.of("to", "and", "or", "by", "when", "only", "not", "is", "was");
  /** What a log or a page says of a statement. */
  private static final Set<String> TOLD = Set.of("took", "takes", "failed", "fails", "returned", "returns", "rejected", "succeeded", "finished",
      "completed", "is", "was", "needs", "requires", "missing");
  private static final String[] BEHIND_ROUTINE = {"returns", "return", "as", "is", "begin", "language", "deterministic", "not", "no", "contains", "reads",
      "modifies", "sql", "security", "authid", "comment", "for", "nobuffer", "external", "called", "strict", "immutable", "stable", "volatile", "set",
      "with", "parallel", "cost", "rows", "window", "transform", "select", "insert", "update", "delete", "call", "pipelined", "result_cache",
      "parallel_enable", "aggregate", "using", "sharing", "default", "accessible", "declare", "leakproof", "support", "atomic", "body", "procedure", "function"};
  private static final Set<String> RIGHTS = Set.of("select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain", "all",
      "usage", "execute", "create", "connect", "temporary", "temp", "alter", "index", "drop", "lock", "show", "event", "read", "write", "control",
      "flashback", "debug", "under", "query", "on", "grant", "set", "view", "hierarchy", "proxy", "process", "inherit", "admin", "commit", "merge");
  private static final Set<String> NUMBERED = Set.of("limit", "offset", "where", "having", "on", "top", "fetch", "first", "and", "or", "by", "when",
      "then", "else", "union", "select", "start", "connect", "rows", "sample", "skip");

  private Remarks() {}

  static boolean isBehindUpdate(Words words, int behind) {
    return isRemark(words, behind) || !goesOn(words, behind, BEHIND_UPDATED);
  }

  static boolean isBehindDelete(Words words, int behind) {
    return isRemark(words, behind) || !goesOn(words, behind, BEHIND_DELETED);
  }

  static boolean isBehindInsert(Words words, int behind) {
    return isRemark(words, behind) || !goesOn(words, behind, BEHIND_INSERTED);
  }

  static boolean isBehindMerge(Words words, int behind) {
    return !goesOn(words, behind, BEHIND_MERGED);
  }

  /** What may stand behind a table, at once or behind its alias, and behind a query in its place anything; a sign tells nothing, a number is none of a statement. */
  private static boolean goesOn(Words words, int behind, Set<String> own) {
    if (words.at(behind - 1).is("(") || mayFollow(words.at(behind), own)) {
      return true;
    }
    return !NO_ALIAS.contains(words.at(behind).lower()) && mayFollow(words.at(behind + 1), own);
  }

  private static boolean mayFollow(Token token, Set<String> own) {
    String word = token.lower();
    return token.kind() == Token.Kind.SIGN ? !isNumber(token)
        : token.isName() && (own.contains(word) || JOINS.contains(word) || BEHIND_TABLE.contains(word) || word.contains(TableName.HOLE));
  }

  private static boolean isNumber(Token token) {
    return !token.text().isEmpty() && Character.isDigit(token.text().charAt(0));
  }

  /** Behind the table: "Delete from cart?", "Insert into cart failed: …", "Update cart …: set", which no statement goes on with. */
  private static boolean isRemark(Words words, int behind) {
    int i = words.at(behind).is("as") ? behind + 2 : behind;
    boolean sign = words.at(i).isAny("?", "!", ":") || words.at(i).isName() && words.at(i + 1).isAny("!", ":");
    boolean told = words.at(i).is("failed") || words.at(i).isAny("not", "is", "was") && words.at(i + 1).kind() != Token.Kind.SIGN;
    return sign || told || words.at(i).is("%") && words.at(i + 2).is(":");
  }

  static boolean isBehindTruncated(Words words, int behind) {
    Token next = words.at(behind);
    return next.isName() && !next.lower().contains(TableName.HOLE) && !next.isAny("cascade", "restrict", "restart", "continue", "drop", "reuse", "purge",
        "preserve", "immediate", "ignore", "partition", "with");
  }

  /** "… took 17 ms", "… to go on": an alias is no such word and has no number behind it, and a table no sign of equality. */
  static boolean isToldOfQuery(Words words) {
    for (int i = 1; i < words.size(); i++) {
      if (words.at(i).is("from") && words.at(i).depth() == 0 && words.at(i + 1).isName() && !words.at(i - 1).is("distinct")) {
        boolean counted = words.at(i + 2).isName() && !NUMBERED.contains(words.at(i + 2).lower()) && isNumber(words.at(i + 3));
        if (counted || words.at(i + 2).is("=") || words.at(i + 2).isName() && NO_ALIAS_OF_QUERY.contains(words.at(i + 2).lower())) {
          return true;
        }
      }
    }
    return false;
  }

  /** Of tables and indexes: "alter table t took 17 ms", "drop table t (needs rights)". */
  static boolean isToldOfDefinition(Words words) {
    int object = words.skip(1, "or", "replace");
    if (words.at(object).isAny("function", "procedure")) {
      return isToldOfRoutine(words, object);
    }
    int i = 1;
    while (i < words.size() && !words.at(i).isAny("table", "index")) {
      i++;
    }
    if (words.at(i).is("index")) {
      while (i < words.size() && !words.at(i).is("on")) {
        i++;
      }
    }
    int behind = words.skip(i + 1, "if", "not", "exists", "only") + 1;
    Token next = words.at(behind);
    return next.isName() && TOLD.contains(next.lower()) || words.first().is("drop") && words.at(i).is("table") && next.is("(");
  }

  /** "Drop function users.touch now", "Create function users.touch() first". */
  static boolean isToldOfRoutine(Words words, int object) {
    int name = words.skip(object + 1, "body", "if", "not", "exists");
    int behind = words.at(name + 1).is("(") ? words.afterParentheses(name + 1) : name + 1;
    return switch (words.first().lower()) {
      case "drop" -> !endsOrGoesOn(words, behind, "cascade", "restrict");
      case "create" -> !endsOrGoesOn(words, behind, BEHIND_ROUTINE) || behind >= words.size();
      default -> TOLD.contains(words.at(behind).lower());
    };
  }

  /** "Comment on table t is missing": what is said of it stands in quotes. */
  static boolean isTold(Words words) {
    Token last = words.at(words.size() - 1);
    return words.at(words.size() - 2).is("is") && last.isName() && !last.is("null") && !last.lower().contains(TableName.HOLE);
  }

  /** Tells whether there is no name here that a statement does not go on with. */
  static boolean endsOrGoesOn(Words words, int behind, String... on) {
    Token next = words.at(behind);
    return !next.isName() || next.isAny(on) || next.lower().contains(TableName.HOLE);
  }

  /** "(they select …)" is no query. */
  static boolean hasSubquery(Words words) {
    for (int i = 1; i < words.size(); i++) {
      if (words.at(i).is("select") && words.at(i - 1).is("(")) {
        return words.has("from");
      }
    }
    return false;
  }

  static boolean endsRow(Words words, int behind) {
    return endsOrGoesOn(words, behind, "order", "limit", "offset", "fetch", "union", "intersect", "except");
  }

  /** "Grant access on …" names none, and rights take no parameters: "Grant … to nobody? (y/n)". */
  static boolean isRight(Words words) {
    Token right = words.at(1);
    return !words.has("?") && (RIGHTS.contains(right.lower()) || right.lower().contains(TableName.HOLE) || !right.isName());
  }
}
