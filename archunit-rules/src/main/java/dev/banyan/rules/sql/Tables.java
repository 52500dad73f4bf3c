package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Takes up the tables of a statement: single ones, lists of them, and the aliases they get. */
final class Tables {

  private static final Set<String> NO_TABLE = Set.of("select", "lateral", "unnest", "values", "set", "on", "or", "of", "cascade", "with",
      "nowait", "skip", "where", "delete", "update", "insert", "truncate", "conflict", "commit", "all", "dual", "function", "schema",
      "database", "language", "type", "domain", "table", "final", "old", "new", "json_table", "xmltable", "rows", "procedure", "role",
      "current", "large", "routine", "foreign", "tablespace", "parameter", "system", "restart", "continue", "inner", "left", "join", "into",
      "stdin", "stdout", "program", "using", "fetch", "to", "and");
  private static final Set<String> ENDS = Set.of("where", "group", "order", "having", "window", "limit", "offset", "fetch", "for", "union",
      "intersect", "except", "minus", "returning", "set", "when", "connect", "start", "qualify", "to", "restart", "cascade", "from",
      "select", "values", "restrict", "add", "do", ";");
  private static final Set<String> NO_ALIAS = Set.of("on", "using", "join", "inner", "left", "right", "full", "cross", "natural", "with",
      "outer", "straight_join", "partition", "tablesample", "use", "force", "ignore", "values", "default", "as", "read", "write", "match",
      "not", "deferrable", "check", "primary", "unique", "null", "constraint", "references", "generated", "enable", "disable");

  private final Words words;
  private final LocalNames locals;
  private final List<TableUse> uses = new ArrayList<>();
  private final Set<Integer> taken = new HashSet<>();
  private final Map<String, TableName> aliases = new HashMap<>();

  Tables(Words words) {
    this.words = words;
    this.locals = new LocalNames(words);
  }

  /** Returns what was taken up; a target that is only an alias means the table behind it. */
  List<TableUse> uses() {
    return uses.stream().map(use -> {
      TableName behind = use.table().schema().isEmpty() && use.access() == Access.WRITE ? aliases.get(use.table().table()) : null;
      return behind == null ? use : new TableUse(behind, use.access(), use.line());
    }).toList();
  }

  /** Reads {@code name [alias] [, name [alias]] …} up to what ends such a list; joins in it are found by their own word. */
  void list(int from, Access access) {
    list(from, access, access);
  }

  /** Reads such a list, of which the first is touched in another way than the rest. */
  void list(int from, Access first, Access rest) {
    Access access = first;
    int depth = words.at(from).depth();
    boolean expected = true;
    for (int i = from; i < words.size() && words.at(i).depth() >= depth; i++) {
      Token token = words.at(i);
      if (token.depth() > depth) {
        continue;
      }
      if (!expected && token.isName() && ENDS.contains(token.lower()) || token.is(";")) {
        return;
      }
      if (expected) {
        one(i, access);
        access = rest;
      }
      expected = token.is(",");
    }
  }

  /** Reads one name, if there is one. */
  void one(int from, Access access) {
    int i = words.skip(from, "only", "lateral", "ignore", "low_priority");
    i = words.skip(i, "(", "{");
    Token token = words.at(i);
    if (!token.isName() || NO_TABLE.contains(token.lower()) || token.text().startsWith("@") || token.text().startsWith("#")) {
      return;
    }
    if (words.at(i + 1).is("(") && access == Access.READ) {
      call(i, access);
    } else if (!locals.isLocal(token.text(), i)) {
      taken.add(i);
      TableName name = ofServer(TableName.parse(token.text()));
      uses.add(new TableUse(name, access, token.line()));
      alias(i + 1, name);
    }
  }

  /** Takes up a function or procedure that is called, if it is named with its schema and no alias; the server's own are none. */
  void call(int i, Access access) {
    TableName routine = TableName.routine(words.at(i).text());
    boolean alias = routine.schema().filter(aliases::containsKey).isPresent();
    if (routine.schema().isPresent() && routine.isOfSomebody() && !alias) {
      uses.add(new TableUse(routine, access, words.at(i).line()));
    }
  }

  /** Takes up a type that is named with its schema; the server's own are none. */
  void type(int i) {
    object(i, TableName.Kind.TYPE, Access.REFERENCE);
  }

  /** Takes up a function or type for what it is, and not for what is called; the server's own are none. */
  void object(int i, TableName.Kind kind, Access access) {
    taken.add(i);
    TableName object = kind == TableName.Kind.ROUTINE ? TableName.routine(words.at(i).text()) : TableName.type(words.at(i).text());
    if (object.isOfSomebody()) {
      uses.add(new TableUse(object, access, words.at(i).line()));
    }
  }

  /** Tells whether the name at a position has been taken already. */
  boolean isTaken(int i) {
    return taken.contains(i);
  }

  /** PostgreSQL looks into its own catalog first, whatever the search path says. */
  private static TableName ofServer(TableName name) {
    return name.schema().isEmpty() && name.table().startsWith("pg_") ? TableName.of("pg_catalog", name.table()) : name;
  }

  private void alias(int from, TableName table) {
    Token token = words.at(words.skip(from, "as"));
    boolean explicit = words.at(from).is("as");
    if (token.isName() && token.text().indexOf('.') < 0 && !ENDS.contains(token.lower())
        && (explicit || !NO_ALIAS.contains(token.lower()))) {
      aliases.putIfAbsent(TableName.parse(token.text()).table(), table);
    }
  }

  /** Adds a name that is no token of its own. */
  void add(TableName table, Access access, int line) {
    uses.add(new TableUse(ofServer(table), access, line));
  }

  /** Adds the table of a column, {@code schema.table.column}. */
  void ofColumn(Token column, Access access) {
    int dot = column.text().lastIndexOf('.');
    if (column.isName() && dot > 0) {
      add(TableName.parse(column.text().substring(0, dot)), access, column.line());
    }
  }

  /** Makes the tables behind aliases or names written ones, as {@code delete a, b from …} does. */
  void written(List<String> names) {
    for (String each : names) {
      String name = each.toLowerCase(Locale.ROOT);
      TableName behind = aliases.getOrDefault(TableName.parse(name).table(), TableName.parse(name));
      uses.stream().filter(use -> use.table().equals(behind) || use.table().table().equals(behind.table()) && behind.schema().isEmpty())
          .findFirst().ifPresent(use -> uses.add(new TableUse(use.table(), Access.WRITE, use.line())));
    }
  }
}
