package dev.banyan.rules.sql;

import java.util.Optional;

/** The statements that say which schema names without one mean from now on, in each dialect. */
final class SearchPath {

  private SearchPath() {}

  /** Returns the schema that {@code create schema s create table t …} makes its elements in. */
  static Optional<String> ofElements(Words words) {
    int name = words.skip(2, "if", "not", "exists", "authorization");
    boolean elements = words.first().is("create") && words.at(1).is("schema") && words.hasAfter(name + 1, "create");
    return elements ? name(words.at(name)) : Optional.empty();
  }

  /** Returns the schema that a statement sets; a hole if it is known only at run time. */
  static Optional<String> setBy(Words words) {
    int i = words.skip(0, "set", "alter", "session", "local", "use", "select");
    if (words.first().is("use") && words.size() == 2) {
      return name(words.at(1));
    } else if (i == 0) {
      return Optional.empty();
    } else if (words.at(i).isAny("search_path", "current_schema", "schema") && words.first().isAny("set", "alter")
        && !words.at(i - 1).is("alter")) {
      return name(words.at(words.skip(i + 1, "to", "=")));
    } else if (words.at(i).isAny("set_config", "pg_catalog.set_config") && words.at(i + 2).text().equals("'search_path'")) {
      return name(words.at(i + 4));
    }
    return Optional.empty();
  }

  private static Optional<String> name(Token token) {
    String name = token.text().replaceAll("^'|[',].*$", "");
    boolean parameter = token.kind() == Token.Kind.SIGN && (token.is("?") || token.is(":") || token.is("$"));
    if (parameter || name.contains(TableName.HOLE)) {
      return Optional.of(TableName.HOLE);
    }
    return token.kind() == Token.Kind.SIGN || token.is("default") ? Optional.empty() : Optional.of(TableName.parse(name).table());
  }
}
