package dev.banyan.rules.sql;

import java.util.Set;

/** Finds the types (enums, domains, composites, rows of tables) that a statement names with their schema: in casts, columns, parameters and variables. */
final class TypeReader {

  private static final Set<String> NO_COLUMN = Set.of("like", "constraint", "check", "index", "key", "unique", "references", "using", "default", "in",
      "select", "from", "join", "into", "update", "delete", "insert", "call", "perform", "execute", "return", "set", "on", "exclude", "with", "table");
  private static final Set<String> CASTS = Set.of("cast", "try_cast", "safe_cast");

  private final Words words;
  private final Tables tables;

  TypeReader(Words words, Tables tables) {
    this.words = words;
    this.tables = tables;
  }

  void read() {
    for (int i = 1; i < words.size(); i++) {
      if (words.at(i).isName() && words.at(i).text().indexOf('.') > 0) {
        named(i);
      }
    }
  }

  private void named(int i) {
    if (!words.at(i + 1).is("%") && (isCast(i) || isOfColumn(i) || isOfRoutine(i) || isAltered(i) || isOfVariable(i) || isOfDomain(i))) {
      tables.type(i);
    }
  }

  /** {@code 'x'::users.status}, {@code cast('x' as users.status)}. */
  private boolean isCast(int i) {
    return words.at(i - 1).is(":") && words.at(i - 2).is(":") || words.at(i - 1).is("as") && CASTS.contains(words.callAround(i).lower());
  }

  /** {@code create table t (s users.status)}, {@code create type t as (s users.status)}, {@code returns table (s users.status)}. */
  private boolean isOfColumn(int i) {
    if (!words.first().is("create") || !isNamed(i) || !words.at(i - 2).isAny("(", ",") || words.at(i - 2).depth() > words.at(i).depth()) {
      return false;
    }
    int open = openingOf(i);
    return tables.isTaken(open - 1) && words.hasBefore(i, "table") || words.at(open - 1).is("table") || words.at(open - 1).is("as") && words.at(1).is("type");
  }

  /** {@code create function f(s users.status) returns users.status}. */
  private boolean isOfRoutine(int i) {
    if (words.at(i - 1).isAny("returns", "return") && words.first().is("create") && words.at(i).depth() == 0) {
      return true;
    }
    int open = openingOf(i);
    boolean behindName = words.at(i - 1).isAny("(", ",") || isNamed(i);
    return words.first().isAny("create", "alter", "drop") && open > 0 && words.at(open - 2).isAny("function", "procedure", "exists") && behindName
        && words.hasBefore(open, "function", "procedure") && words.at(i).depth() == 1;
  }

  /** {@code add column s users.status}, {@code alter column s type users.status}. */
  private boolean isAltered(int i) {
    boolean table = words.first().is("alter") && words.hasBefore(i, "table");
    int name = i - 1;
    boolean added = isNamed(i) && (words.at(name - 1).isAny("add", "column") || words.at(name - 1).is("exists") && words.hasBefore(i, "add"));
    return table && (words.at(i - 1).is("type") || added);
  }

  /** {@code declare s users.status;}. */
  private boolean isOfVariable(int i) {
    return isNamed(i) && words.at(i - 2).isAny("declare", ";") && words.at(i + 1).isAny(";", ":", "=", "default", "not") && isBetween(i);
  }

  private boolean isBetween(int i) {
    int k = i;
    while (k >= 0 && !words.at(k).isAny("declare", "begin")) {
      k--;
    }
    return words.at(k).is("declare");
  }

  private boolean isOfDomain(int i) {
    return words.first().is("create") && words.at(1).is("domain") && (i == 3 || i == 4 && words.at(3).is("as"));
  }

  /** Tells whether a plain name stands in front: that of a column, a parameter or a variable. */
  private boolean isNamed(int i) {
    Token name = words.at(i - 1);
    return name.isName() && name.text().indexOf('.') < 0 && !NO_COLUMN.contains(name.lower());
  }

  private int openingOf(int i) {
    for (int k = i - 1; k > 0; k--) {
      if (words.at(k).is("(") && words.at(k).depth() == words.at(i).depth() - 1) {
        return k;
      }
    }
    return -1;
  }
}
