package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The statements that say which schema names without one mean from now on, in each dialect. */
final class SearchPath {

  /** What a statement sets that takes all of it back: names without a schema mean again what they meant at first. */
  static final String AS_AT_FIRST = "";
  /** What may stand beside a module's schema, and holds no module's tables. */
  private static final Pattern BESIDE = Pattern.compile("\\$user|public|extensions|pg_\\w+");

  private SearchPath() {}

  /** Returns the schema that {@code create schema s create table t …} makes its elements in. */
  static Optional<String> ofElements(Words words) {
    int name = words.skip(2, "if", "not", "exists", "authorization");
    boolean elements = words.first().is("create") && words.at(1).is("schema") && words.hasAfter(name + 1, "create");
    return elements ? name(words.at(name)) : Optional.empty();
  }

  /** Returns the schema that a function's own {@code set search_path = …} names, which holds for its body alone. */
  static Optional<String> ofFunction(Words words) {
    if (!words.first().is("create") || !words.tokens().stream().limit(4).anyMatch(token -> token.isAny("function", "procedure"))) {
      return Optional.empty();
    }
    for (int i = 0; i < words.size(); i++) {
      if (words.at(i).is("search_path") && words.at(i - 1).isAny("set", "local") && words.at(i + 1).isAny("to", "=")) {
        return named(words, i + 2).filter(schema -> !schema.isEmpty());
      }
    }
    return Optional.empty();
  }

  /** Returns the schema that a statement sets; a hole if it is known only at run time, or if it is one of several. */
  static Optional<String> setBy(Words words) {
    if (words.first().isAny("reset", "discard") && words.at(1).isAny("search_path", "all")) {
      return Optional.of(AS_AT_FIRST);
    }
    int i = words.skip(0, "set", "alter", "session", "local", "use", "select");
    if (words.first().is("use") && words.size() == 2) {
      return name(words.at(1));
    } else if (i == 0) {
      return Optional.empty();
    } else if (words.at(i).isAny("search_path", "current_schema", "schema") && words.first().isAny("set", "alter")
        && !words.at(i - 1).is("alter")) {
      return named(words, words.skip(i + 1, "to", "="));
    } else if (words.at(i).isAny("set_config", "pg_catalog.set_config") && words.at(i + 2).text().equals("'search_path'")) {
      return named(words, i + 4);
    }
    return Optional.empty();
  }

  /** A bare name means the first schema that has such a table, which only the server can tell. */
  private static Optional<String> named(Words words, int from) {
    List<String> all = new ArrayList<>();
    int i = from;
    do {
      for (String schema : words.at(i).text().split(",")) {
        all.add(schema.replaceAll("[\"'`\\s]", "").toLowerCase(Locale.ROOT));
      }
      i += 2;
    } while (words.at(i - 1).is(",") && !words.first().is("select"));
    List<String> several = all.stream().filter(schema -> !BESIDE.matcher(schema).matches()).toList();
    if (several.isEmpty() || several.size() == 1 && several.get(0).equals(all.get(0))) {
      return name(words.at(from));
    }
    // What stands in front and holds no tables of the application is passed over; public may hold some.
    boolean one = several.size() == 1 && !all.get(0).equals("public") && several.get(0).matches("\\w+");
    return Optional.of(one ? several.get(0) : TableName.HOLE);
  }

  private static Optional<String> name(Token token) {
    if (token.is("default")) {
      return Optional.of(AS_AT_FIRST);
    }
    String name = token.text().replaceAll("^'|[',].*$", "");
    boolean parameter = token.kind() == Token.Kind.SIGN && (token.is("?") || token.is(":") || token.is("$"));
    if (parameter || name.contains(TableName.HOLE)) {
      return Optional.of(TableName.HOLE);
    }
    return token.kind() == Token.Kind.SIGN ? Optional.empty() : Optional.of(TableName.parse(name).table());
  }
}
