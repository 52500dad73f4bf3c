package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * The names that common table expressions give: {@code name [(columns)] as [not materialized] (}. Inside its own body
 * such a name means a table, unless the expression is recursive.
 */
final class LocalNames {

  private record Local(String name, int from, int to) {}

  private final List<Local> locals = new ArrayList<>();
  private final boolean recursive;

  LocalNames(Words words) {
    recursive = words.has("recursive");
    if (!words.has("with")) {
      return;
    }
    for (int i = 1; i + 2 < words.size(); i++) {
      int as = words.at(i + 1).is("(") ? words.afterParentheses(i + 1) : i + 1;
      int open = words.skip(as + 1, "not", "materialized");
      boolean begins = words.at(i - 1).isAny("with", "recursive", ",");
      if (begins && words.at(i).isName() && words.at(as).is("as") && words.at(open).is("(")) {
        locals.add(new Local(TableName.parse(words.at(i).text()).table(), open, words.afterParentheses(open)));
      }
    }
  }

  boolean isLocal(String name, int position) {
    String folded = name.indexOf('.') >= 0 ? name : TableName.parse(name).table();
    return locals.stream().anyMatch(local -> local.name().equals(folded) && (recursive || position < local.from() || position >= local.to()));
  }
}
