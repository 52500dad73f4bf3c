package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the tables of a statement by the words before them. It understands less than a parser and gives up on nothing:
 * the other dialects, definitions, grants and function bodies are read by it.
 */
final class TokenReader {

  private static final Set<String> FROM_IN_CALL = Set.of("extract", "substring", "trim", "overlay", "position", "normalize");

  private final Words words;
  private final Tables tables;
  private final DefinitionReader definitions;
  private final DefinedObjects objects;

  private TokenReader(Words words) {
    this.words = words;
    this.tables = new Tables(words);
    this.definitions = new DefinitionReader(words, tables);
    this.objects = new DefinedObjects(words, tables);
  }

  static List<TableUse> read(List<Token> tokens) {
    var reader = new TokenReader(new Words(tokens));
    for (int i = 0; i < tokens.size(); i++) {
      reader.readAt(i);
      reader.definitions.readAt(i);
      reader.objects.readAt(i);
    }
    reader.deletedAliases();
    new TypeReader(reader.words, reader.tables).read();
    new RoutineReader(reader.words, reader.tables).read();
    return reader.tables.uses();
  }

  static boolean hasSequence(List<Token> tokens) {
    return tokens.stream().anyMatch(DefinitionReader::takesSequence);
  }

  /** Tells whether a FROM is part of a call such as {@code extract(year from at)}. */
  static boolean isFromOfCall(List<Token> tokens, int i) {
    return FROM_IN_CALL.contains(new Words(tokens).callAround(i).lower());
  }

  private void readAt(int i) {
    Token token = words.at(i);
    if (!token.isName()) {
      return;
    }
    switch (token.lower()) {
      case "from" -> from(i);
      case "join", "straight_join", "apply" -> join(i);
      case "using" -> using(i);
      case "into" -> into(i);
      case "insert", "replace", "upsert" -> insertWithoutInto(i);
      case "merge" -> mergeWithoutInto(i);
      case "update" -> update(i);
      case "delete" -> deleteWithoutFrom(i);
      case "execute", "immediate" -> executed(i, new DynamicSql(words).at(i));
      default -> { }
    }
  }

  private void from(int i) {
    if (isListOfDeleted(i)) {
      return;
    } else if (words.at(i - 2).is("prepare")) {
      executed(i, new DynamicSql(words).prepared(i + 1));
      return;
    }
    boolean distinct = words.at(i - 1).is("distinct") && words.at(i - 2).isAny("is", "not");
    boolean cursor = words.at(i - 1).isAny("fetch", "move") || words.at(i - 2).isAny("fetch", "move")
        || words.at(i - 3).isAny("fetch", "move");
    boolean revoke = isOfRevoke(i);
    boolean stream = words.first().isAny("copy", "load") && !words.hasBefore(i, "select");
    if (!distinct && !cursor && !revoke && !stream && !isFromOfCall(words.tokens(), i)) {
      boolean delete = words.at(i - 1).isAny("delete", "quick", "ignore", "low_priority") && words.hasBefore(i, "delete");
      tables.list(delete ? target(i + 1) : i + 1, delete ? Access.WRITE : Access.READ, Access.READ);
    }
  }

  /** Names a role: {@code revoke … from r}, in a block or in default privileges as well. */
  private boolean isOfRevoke(int i) {
    int k = i - 1;
    while (k >= 0 && !words.at(k).isAny(";", "revoke", "from")) {
      k--;
    }
    boolean begins = k <= 0 || words.first().is("alter") || words.at(k - 1).isAny(";", "begin", "then", "loop", "else", "for");
    return words.at(k).is("revoke") && begins || words.first().is("revoke");
  }

  /** {@code delete from a, b using t a join u b}: the names are those of the tables behind USING. */
  private boolean isListOfDeleted(int i) {
    return i == 1 && words.first().is("delete") && words.at(i + 2).is(",") && words.has("using");
  }

  /** MySQL has STRAIGHT_JOIN behind SELECT too, and FOR JOIN in its hints. */
  private void join(int i) {
    if (!words.at(i - 1).isAny("for", "select", "high_priority", "distinct")) {
      tables.one(i + 1, Access.READ);
    }
  }

  private void using(int i) {
    boolean subquery = words.at(i + 1).is("(") && words.first().isAny("merge");
    if (!words.at(i + 1).is("(") && words.hasBefore(i, "merge", "delete") && !words.hasBefore(i, "join") || subquery) {
      tables.list(i + 1, Access.READ);
    }
  }

  private void into(int i) {
    boolean all = words.first().is("insert") && words.at(1).isAny("all", "first");
    boolean change = words.at(i - 1).isAny("insert", "merge", "replace", "ignore", "upsert", "low_priority", "delayed", "high_priority");
    boolean table = words.at(i + 1).is("table");
    boolean selected = words.first().isAny("select", "with") && words.at(i + 2).is("from") && words.at(i + 1).text().indexOf('.') > 0;
    if (change || all || table) {
      tables.one(table ? i + 2 : i + 1, Access.WRITE);
    } else if (selected) {
      // A name without a schema may as well be a variable.
      tables.one(i + 1, Access.WRITE);
    }
  }

  /** MySQL and SQL Server allow to leave INTO out. */
  private void insertWithoutInto(int i) {
    boolean statement = i == 0 && words.has("values", "set", "select") && !words.has("into");
    if (statement) {
      tables.one(words.skip(1, "ignore", "low_priority", "delayed", "high_priority"), Access.WRITE);
    }
  }

  /** SQL Server again: {@code merge t as x using …}. */
  private void mergeWithoutInto(int i) {
    int name = words.at(i + 1).is("top") ? words.afterParentheses(i + 2) : i + 1;
    if (i == 0 && words.has("using") && !words.at(name).is("into")) {
      tables.one(name, Access.WRITE);
    }
  }

  private void update(int i) {
    boolean clause = words.at(i - 1).isAny("for", "on", "do", "or", "before", "after", "key", "then", "grant", ",", "of", "share");
    if (!clause && words.hasAfter(i + 1, "set")) {
      tables.list(target(behindOptions(i + 1)), Access.WRITE, Access.READ);
    }
  }

  /** SQLite's {@code or ignore}, SQL Server's {@code top (5)}. */
  private int behindOptions(int i) {
    int name = words.at(i).is("or") ? i + 2 : i;
    return words.at(name).is("top") && words.at(name + 1).is("(") ? words.afterParentheses(name + 1) : name;
  }

  /** Oracle can update a query, and delete from it: the first table of it. */
  private int target(int name) {
    if (!words.at(name).is("(")) {
      return name;
    }
    int i = name;
    while (i < words.size() && !words.at(i).is("from")) {
      i++;
    }
    return i + 1;
  }

  /** Oracle's {@code delete t where …} in a block. */
  private void deleteWithoutFrom(int i) {
    boolean begins = words.at(i - 1).isAny(";", "begin", "then", "else", "loop");
    boolean clause = words.at(i + 1).isAny("from", "where", "when");
    if (i > 0 && begins && !clause && words.at(i + 2).isAny("where", ";")) {
      tables.one(i + 1, Access.WRITE);
    }
  }

  /** {@code delete a, b from t a join u b …} deletes from what it names first. */
  private void deletedAliases() {
    boolean listed = isListOfDeleted(1);
    if (!words.first().is("delete") || words.at(1).is("from") && !listed) {
      return;
    }
    List<String> names = new ArrayList<>();
    for (int i = listed ? 2 : 1; i < words.size() && !words.at(i).isAny("from", "using"); i++) {
      if (words.at(i).isName() && !words.at(i).isAny("quick", "ignore", "low_priority")) {
        names.add(words.at(i).text());
      }
    }
    tables.written(names);
    if (!words.has("from") && !names.isEmpty()) {
      tables.one(1, Access.WRITE);
    }
  }

  /** What a block executes is a statement of its own; where its tables are put in, they are not known. */
  private void executed(int i, List<String> statements) {
    for (String statement : statements) {
      if (statement.equals(TableName.HOLE) || Shapes.lacksItsTables(Tokenizer.tokens(statement))) {
        tables.add(new TableName(Optional.empty(), TableName.HOLE), Access.READ, words.at(i).line());
      }
      if (!statement.equals(TableName.HOLE)) {
        read(Tokenizer.tokens(statement)).forEach(use -> tables.add(use.table(), use.access(), words.at(i + 1).line()));
      }
    }
  }
}
