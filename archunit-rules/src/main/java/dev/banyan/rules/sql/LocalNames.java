package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * The names that common table expressions give: {@code name [(columns)] as [not materialized] (}. Inside its own body
 * such a name means a table, unless the expression is recursive, which some dialects do not say: it has columns and a union.
 */
final class LocalNames {

  private record Local(String name, int from, int to, boolean recursive) {}

  private final List<Local> locals = new ArrayList<>();

  LocalNames(Words words) {
    boolean recursive = words.has("recursive");
    if (!words.has("with")) {
      return;
    }
    for (int i = 1; i + 2 < words.size(); i++) {
      int as = words.at(i + 1).is("(") ? words.afterParentheses(i + 1) : i + 1;
      int open = words.skip(as + 1, "not", "materialized");
      boolean begins = words.at(i - 1).isAny("with", "recursive", ",");
      if (begins && words.at(i).isName() && words.at(as).is("as") && words.at(open).is("(")) {
        int end = words.afterParentheses(open);
        boolean union = as > i + 1 && words.tokens().subList(open, Math.min(end, words.size())).stream().anyMatch(t -> t.is("union"));
        locals.add(new Local(TableName.parse(words.at(i).text()).table(), open, end, recursive || union));
      }
    }
  }

  boolean isLocal(String name, int position) {
    String folded = name.indexOf('.') >= 0 ? name : TableName.parse(name).table();
    return locals.stream().anyMatch(local -> local.name().equals(folded) && (local.recursive() || position < local.from()
        || position >= local.to()));
  }
}
