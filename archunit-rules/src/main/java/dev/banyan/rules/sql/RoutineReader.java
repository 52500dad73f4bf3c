package dev.banyan.rules.sql;

import java.util.Set;

/**
 * Finds the functions and procedures that a statement calls by their schema. A name without one is none's: the server's own are
 * called so.
 */
final class RoutineReader {

  /** What stands in front of a name with parentheses that is no call: what is defined, dropped, granted or commented on. */
  private static final Set<String> DEFINED = Set.of("function", "procedure", "routine", "aggregate", "statistics", "type", "domain", "index", "key",
      "constraint", "operator", "cast", "table", "view", "into", "references", "as", "join", "exists", "on", "update", "package", "body", "synonym");
  private static final Set<String> ROUTINES = Set.of("function", "procedure", "routine", "aggregate", "functions", "procedures", "routines");
  private static final Set<String> OF_COLLECTIONS = Set.of("extend", "trim", "delete", "exists", "first", "last", "next", "prior", "count", "limit");
  private static final String[] DEFINING = {"create", "alter", "drop", "grant", "revoke", "comment"};
  private static final String[] BEGINS = {"begin", ";", "then", "else", "loop"};

  private final Words words;
  private final Tables tables;

  RoutineReader(Words words, Tables tables) {
    this.words = words;
    this.tables = tables;
  }

  void read() {
    for (int i = 0; i < words.size(); i++) {
      if (words.at(i).isName() && words.at(i).text().indexOf('.') > 0 && isCall(i) && !isOfVariable(words.at(i).lower())) {
        tables.call(i, Access.REFERENCE);
      }
    }
  }

  private boolean isCall(int i) {
    return words.at(i + 1).is("(") ? !tables.isTaken(i) && !words.at(i + 2).is("+") && !isDefined(i) : isCallWithoutParentheses(i);
  }

  /** {@code {call users.touch}}, {@code exec users.touch 1}, and in a block {@code users.touch;}. */
  private boolean isCallWithoutParentheses(int i) {
    boolean call = words.at(i - 1).is("call") && (i == 1 || words.at(i - 2).isAny("{", "=", ";") || words.at(i - 2).isAny(BEGINS));
    boolean exec = i == 1 && words.first().isAny("exec", "execute");
    boolean statement = words.at(i + 1).is(";") && words.at(i - 1).isAny(BEGINS) && words.hasBefore(i, "begin");
    return call || exec || statement;
  }

  private boolean isDefined(int i) {
    Token before = words.at(i - 1);
    boolean executed = before.isAny("function", "procedure") && words.at(i - 2).isAny("execute", "with") && words.first().is("create");
    boolean listed = words.first().isAny(DEFINING) && words.at(i).depth() == 0 && before.is(",") && words.hasBefore(i, ROUTINES.toArray(String[]::new));
    boolean alias = before.is("as") && words.callAround(i).is("cast");
    return !executed && (before.isName() && DEFINED.contains(before.lower()) && !isCondition(i) || listed || alias);
  }

  /** {@code join t on users.is_active(t.id)}, {@code as select …}. */
  private boolean isCondition(int i) {
    return words.at(i - 1).is("on") && words.hasBefore(i, "join");
  }

  private static boolean isOfVariable(String name) {
    return name.indexOf('.') == name.lastIndexOf('.') && OF_COLLECTIONS.contains(name.substring(name.lastIndexOf('.') + 1));
  }
}
