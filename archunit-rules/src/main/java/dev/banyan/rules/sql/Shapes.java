package dev.banyan.rules.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whether a text is SQL, by its first word and by what that verb cannot do without: "Update account" has no SET, "Delete
 * an order from the list" no FROM after its verb.
 */
final class Shapes {

  /** What dialects allow between the verb and the table; SQLite has {@code or replace}. */
  private static final String[] INSERTING = {"into", "ignore", "low_priority", "delayed", "high_priority", "or", "replace", "abort", "fail", "rollback"};
  private static final String[] UPDATING = {"only", "ignore", "low_priority", "or", "replace", "abort", "fail", "rollback"};
  private static final Map<String, Predicate<Words>> SHAPES = shapes();

  private Shapes() {}

  /** Returns the words that a statement may begin with. */
  static Set<String> verbs() {
    return SHAPES.keySet();
  }

  static boolean isStatement(List<Token> tokens) {
    Words words = new Words(tokens.stream().dropWhile(token -> token.is("(")).toList());
    if (words.first().is("{")) {
      return isEscapedCall(words);
    }
    if (words.size() == 2) {
      return words.first().isAny("truncate", "table") && !isTitle(words.first().text()) && words.at(1).text().indexOf('.') > 0;
    }
    if (words.size() < 3 || isSentence(words)) {
      return false;
    }
    if (words.first().text().startsWith(TableName.HOLE)) {
      return isContinuation(words, 1);
    }
    Predicate<Words> shape = SHAPES.get(words.first().lower());
    return shape != null && shape.test(words);
  }

  /** Tells whether the part of a statement that names its tables is put in at run time: {@code select … } and no FROM that is known. */
  static boolean lacksItsTables(List<Token> tokens) {
    boolean verb = !tokens.isEmpty() && tokens.get(0).isAny("select", "insert", "update", "delete", "merge", "replace", "truncate");
    boolean from = tokens.stream().anyMatch(token -> token.is("from") && token.depth() == 0);
    return tokens.stream().limit(verb && !from ? tokens.size() : 1)
        .anyMatch(token -> token.isName() && token.depth() == 0 && token.text().contains(TableName.HOLE));
  }

  private static Map<String, Predicate<Words>> shapes() {
    Map<String, Predicate<Words>> shapes = new HashMap<>();
    shapes.put("select", words -> words.size() > 3 && !Remarks.isToldOfQuery(words) && (words.has("from") || TokenReader.hasSequence(words.tokens()) || isWholeCall(words, 1)
        || words.at(1).isAny("set_config", "pg_catalog.set_config") || words.at(1).is("next") && words.at(2).is("value")));
    shapes.put("with", words -> words.has("as") && words.has("(") && words.has("select", "insert", "update", "delete", "values"));
    shapes.put("insert", words -> (words.at(1).isAny("all", "first") || !Remarks.isBehindInsert(words, words.skip(1, INSERTING) + 1))
        && words.has("values", "value", "select", "set", "default", "table", "with", "exec", "returning")
        && (words.has("into") || words.has("(")));
    shapes.put("replace", Shapes::isReplace);
    shapes.put("upsert", words -> words.at(1).is("into"));
    shapes.put("update", words -> words.has("set") && words.has("=")
        && !Remarks.isBehindUpdate(words, words.skip(1, UPDATING) + 1));
    shapes.put("delete", Shapes::isDelete);
    shapes.put("merge", words -> words.has("into", "using") && words.has("when", "values", "select", "key")
        && !Remarks.isBehindMerge(words, words.skip(1, "into", "only") + 1));
    shapes.put("table", words -> words.at(1).text().indexOf('.') > 0
        && (words.at(2).isAny("union", "intersect", "except", "minus", "limit", "offset", "fetch") || words.at(2).is("order") && words.at(3).is("by")));
    shapes.put("prepare", words -> words.at(2).isAny("as", "from", "(") && words.size() > 3);
    for (String verb : List.of("vacuum", "cluster", "analyze", "reindex")) {
      shapes.put(verb, Shapes::isMaintenance);
    }
    shapes.put("truncate", words -> (words.at(1).is("table") || words.at(words.skip(1, "only")).text().contains("."))
        && !Remarks.isBehindTruncated(words, words.skip(1, "table", "only") + 1));
    shapes.put("values", words -> words.at(1).is("(") && Remarks.hasSubquery(words) && Remarks.endsRow(words, words.afterParentheses(1)));
    shapes.put("call", words -> words.at(1).isName() && words.at(2).is("(") && (Remarks.hasSubquery(words) || isWholeCall(words, 1)));
    shapes.put("copy", words -> words.has("stdin", "stdout", "program") || words.at(1).is("(") && words.has("select")
        || isCopyOfFile(words));
    shapes.put("grant", words -> words.has("on") && words.has("to") && Remarks.isRight(words));
    shapes.put("revoke", words -> words.has("on") && words.has("from") && Remarks.isRight(words));
    shapes.put("lock", words -> words.at(1).is("table") && words.at(2).isName() || words.at(1).is("tables") && words.has("read", "write")
        || words.at(1).text().contains(".") && words.has("mode"));
    shapes.put("comment", words -> words.at(1).is("on") && words.has("is") && !Remarks.isTold(words));
    shapes.put("refresh", words -> words.at(1).is("materialized") && Remarks.endsOrGoesOn(words, words.skip(3, "concurrently") + 1, "with"));
    shapes.put("explain", words -> words.has("select", "insert", "update", "delete"));
    shapes.put("declare", words -> words.has("cursor", "begin") && words.has("select", "begin"));
    shapes.put("begin", words -> words.has("end") && words.has(";"));
    shapes.put("do", words -> words.has("begin") && words.has("end"));
    shapes.put("load", words -> words.at(1).is("data") || words.at(1).is("xml") && words.has("infile"));
    shapes.put("rename", words -> words.at(1).is("table") && Remarks.endsOrGoesOn(words, words.skip(2, "if", "exists") + 1, "to", "wait", "nowait"));
    shapes.put("set", words -> words.at(1).isAny("search_path", "schema") || words.at(2).is("search_path"));
    for (String verb : List.of("create", "alter", "drop")) {
      shapes.put(verb, words -> isDefinition(words) || isDefinitionOfType(words) || isDefinitionOfRoutine(words));
    }
    return Map.copyOf(shapes);
  }

  /** JDBC's {@code {call users.touch(?)}} and {@code {? = call users.touch}}. */
  private static boolean isEscapedCall(Words words) {
    int call = words.skip(1, "?", "=");
    return words.at(call).is("call") && words.at(call + 1).isName() && words.at(words.size() - 1).is("}");
  }

  /** {@code users.touch(1)} and nothing, or a name, or another column behind it; "Call users.touch(1) first" is for people. */
  private static boolean isWholeCall(Words words, int i) {
    int behind = words.afterParentheses(i + 1);
    return words.at(i).text().indexOf('.') > 0 && words.at(i + 1).is("(") && !isTitle(words.first().text())
        && (behind >= words.size() || words.at(behind).isAny("as", ",", ";", ":", "into"));
  }

  private static boolean isReplace(Words words) {
    int name = words.skip(1, "low_priority", "delayed");
    boolean withoutInto = words.at(name).isName() && words.at(name + 1).isAny("(", "values", "select", "set") && !isTitle(words.first().text());
    return words.at(name).is("into") && !Remarks.isBehindInsert(words, name + 2) || withoutInto && words.has("values", "value", "select", "set");
  }

  private static boolean isDelete(Words words) {
    int name = words.skip(1, "low_priority", "quick", "ignore");
    if (words.at(name).is("from")) {
      return words.at(name + 2).is(",") ? words.has("using") : !Remarks.isBehindDelete(words, words.skip(name + 1, "only") + 1);
    }
    return words.at(name + 1).isAny("from", ",", ".") && words.has("from") && words.has("where", "join")
        || words.at(name).text().contains(".") && (words.at(name + 1).is("where") || words.at(name + 2).is("where"));
  }

  private static boolean isDefinition(Words words) {
    boolean object = new Words(words.tokens().subList(1, Math.min(words.size(), 20))).has("table", "view", "index", "sequence", "schema",
        "trigger", "function", "procedure", "policy", "rule", "synonym", "publication", "session");
    boolean question = words.first().is("create") && words.tokens().stream().limit(6).anyMatch(token -> token.isAny("?", "!"));
    return object && !question && !Remarks.isToldOfDefinition(words) && (words.first().is("create") ? words.size() > 3 : !words.first().is("drop") || endsBehindTarget(words));
  }

  /** "Create type users.status first" is for people. */
  private static boolean isDefinitionOfType(Words words) {
    int name = words.skip(2, "if", "exists");
    Token next = words.at(name + 1);
    boolean goesOn = switch (words.first().lower()) {
      case "create" -> next.is("as");
      case "alter" -> next.isAny("add", "rename", "set", "owner", "drop", "alter");
      default -> next.text().isEmpty() || next.isAny("cascade", "restrict", ";", ",");
    };
    return words.at(1).isAny("type", "domain") && isNamedByStatement(words, name) && goesOn;
  }

  private static boolean isDefinitionOfRoutine(Words words) {
    int object = words.skip(1, "or", "replace");
    int name = words.skip(object + 1, "body", "if", "not", "exists");
    return words.at(object).isAny("aggregate", "routine", "package", "alias") && isNamedByStatement(words, name)
        && !Remarks.isToldOfRoutine(words, object);
  }

  private static boolean isNamedByStatement(Words words, int name) {
    return words.at(name).text().indexOf('.') > 0 && !isTitle(words.first().text());
  }

  /** {@code drop trigger t on a} ends there; "drop trigger t on both sides" is a sentence. */
  private static boolean endsBehindTarget(Words words) {
    for (int i = 3; i < words.size(); i++) {
      if (words.at(i).is("on")) {
        return words.at(i + 1).isName() && (i + 2 >= words.size() || words.at(i + 2).isAny("cascade", "restrict", ";", ","));
      }
    }
    return true;
  }

  private static boolean isCopyOfFile(Words words) {
    int behind = words.at(2).is("(") ? words.afterParentheses(2) : 2;
    boolean ends = behind + 2 >= words.size() || words.at(behind + 2).isAny("with", "(", "csv", "binary", "delimiter", "where", ";");
    return words.at(1).isName() && words.at(behind).isAny("from", "to") && words.at(behind + 1).kind() == Token.Kind.LITERAL && ends;
  }

  private static boolean isMaintenance(Words words) {
    int name = words.at(1).is("(") ? words.afterParentheses(1) : 1;
    Token table = words.at(words.skip(name, "verbose", "full", "freeze", "analyze", "table", "index", "concurrently"));
    return table.isName() && (table.text().indexOf('.') > 0 && !isTitle(words.first().text()) || words.at(1).is("("));
  }

  /** "Select a file from the list" parses, as column "a" under the name "file"; nobody writes that without any sign. */
  private static boolean isSentence(Words words) {
    boolean plain = words.tokens().stream().allMatch(token -> token.isName() || token.is(".") || token.is("!"));
    if (!plain) {
      boolean signs = words.has("=", "*", "?", ":") || hasParentheses(words);
      return isListOfWords(words) || isTitle(words.first().text()) && endsAsText(words) || words.has("the", "your", "an", "please") && !signs;
    }
    boolean article = words.has("the", "your", "an", "this", "please", "these") || words.at(1).isAny("a", "one") && words.at(2).isName()
        && !words.at(2).isAny("as", "from");
    return article || isTitle(words.first().text()) && words.tokens().stream().skip(1)
        .noneMatch(token -> token.text().indexOf('.') > 0 || token.is("where"));
  }

  /** Those of "account(s)" are none. */
  private static boolean hasParentheses(Words words) {
    for (int i = 0; i < words.size(); i++) {
      if (words.at(i).is("(") && !(words.at(i + 1).isAny("s", "es") && words.at(i + 2).is(")"))) {
        return true;
      }
    }
    return false;
  }

  /** "Select one or more entries from …": columns have commas between them. */
  private static boolean isListOfWords(Words words) {
    long names = words.tokens().stream().takeWhile(token -> token.isName() && !token.isAny("from", "distinct", "as", "case", "all", "top")).count();
    return isTitle(words.first().text()) && names > 4 && words.at((int) names).is("from");
  }

  /** "Select one from accounts:", "Select all from accounts?". */
  private static boolean endsAsText(Words words) {
    Token last = words.at(words.size() - 1);
    return last.isAny(":", "!") || last.is("?") && words.at(words.size() - 2).isName() && !words.has("where", "limit", "values", "set", "offset");
  }

  private static boolean isTitle(String word) {
    return Character.isUpperCase(word.charAt(0)) && word.substring(1).chars().allMatch(Character::isLowerCase);
  }

  /** What follows a beginning that is put in: {@code … join users.account a on a.id = o.account}. */
  private static boolean isContinuation(Words words, int from) {
    int i = words.skip(from, "left", "right", "inner", "outer", "full", "cross");
    if (words.at(i).is("join")) {
      return words.has("on") && words.has("=") || words.at(i + 1).text().indexOf('.') > 0;
    }
    boolean clause = words.at(i).is("from") && words.at(i + 1).isName();
    return clause && words.at(i + 1).text().indexOf('.') > 0 && (words.size() == i + 2 || words.has("where", "join", "order"))
        || words.at(i).isAny("where", "and", "union") && words.has("select") && words.has("from");
  }
}
