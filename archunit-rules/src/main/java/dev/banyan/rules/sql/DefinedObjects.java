package dev.banyan.rules.sql;

import java.util.Map;
import java.util.Set;

/**
 * Finds the functions and types that a statement defines, alters or drops, and those that it grants rights on or says something of.
 * What they are is their owner's matter, as it is with tables.
 */
final class DefinedObjects {

  private static final Map<String, TableName.Kind> KINDS = Map.of("function", TableName.Kind.ROUTINE, "procedure", TableName.Kind.ROUTINE,
      "routine", TableName.Kind.ROUTINE, "aggregate", TableName.Kind.ROUTINE, "package", TableName.Kind.ROUTINE, "alias", TableName.Kind.ROUTINE,
      "type", TableName.Kind.TYPE, "domain", TableName.Kind.TYPE);
  private static final Set<String> CHANGING = Set.of("create", "alter", "drop", "replace", "editionable", "noneditionable");
  private static final Set<String> NAMING = Set.of("grant", "revoke", "comment");
  /** How far the word may be from CREATE, with what MySQL says of its definer in between. */
  private static final int FURTHEST = 12;

  private final Words words;
  private final Tables tables;

  DefinedObjects(Words words, Tables tables) {
    this.words = words;
    this.tables = tables;
  }

  void readAt(int i) {
    TableName.Kind kind = words.at(i).isName() ? KINDS.get(words.at(i).lower()) : null;
    if (kind == null || i == 0) {
      return;
    }
    int name = words.skip(i + 1, "body", "if", "not", "exists");
    if (isChanged(i)) {
      list(name, kind, Access.WRITE);
    } else if (words.at(i - 1).is("on") && NAMING.contains(words.first().lower())) {
      list(name, kind, Access.REFERENCE);
    }
  }

  private boolean isChanged(int i) {
    boolean defined = words.first().is("create") && i < FURTHEST && words.hasBefore(i, "definer") && !words.hasBefore(i, "(");
    return CHANGING.contains(words.at(i - 1).lower()) && !words.at(i - 2).isAny("as", "with") || defined;
  }

  /** {@code users.touch(int), users.find}: a comma goes on only where what is dropped or granted on is listed. */
  private void list(int from, TableName.Kind kind, Access access) {
    boolean listed = words.first().isAny("drop", "grant", "revoke");
    int i = from;
    one(i, kind, access);
    while (listed && words.at(behind(i)).is(",")) {
      i = behind(i) + 1;
      one(i, kind, access);
    }
  }

  private int behind(int name) {
    return words.at(name + 1).is("(") ? words.afterParentheses(name + 1) : name + 1;
  }

  private void one(int i, TableName.Kind kind, Access access) {
    if (words.at(i).isName() && words.at(i).text().indexOf('.') > 0) {
      tables.object(i, kind, access);
    }
  }
}
