package dev.banyan.rules.sql;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the entities of a JPQL or HQL query: those it names, and those its paths lead to. {@code select o.customer.name
 * from Order o} reads the customer's table; {@code where o.customer.id = 1} does not, for the order's own holds that.
 */
public final class EntityQueryReader {

  private static final Set<String> NO_ENTITY = Set.of("fetch", "select", "treat", "in", "lateral", "where", "set");
  private static final String[] NO_ALIAS = {"where", "set", "join", "left", "inner", "on", "order", "group", "cross", "fetch", "select",
      "union", "intersect", "except", "full", "right"};

  private final Words words;
  private final EntityPaths paths;
  private final LocalNames locals;
  private final Set<EntityUse> uses = new LinkedHashSet<>();
  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Set<String> unnamed = new LinkedHashSet<>();

  private EntityQueryReader(List<Token> tokens, EntityPaths paths) {
    this.words = new Words(tokens);
    this.paths = paths;
    this.locals = new LocalNames(words);
  }

  /** Reads a query whose paths lead nowhere; each entity once for each access. */
  public static List<EntityUse> read(String query) {
    return read(query, EntityPaths.NONE);
  }

  /** Reads a query; each entity once for each access. */
  public static List<EntityUse> read(String query, EntityPaths paths) {
    var reader = new EntityQueryReader(Tokenizer.tokens(query), paths);
    for (int i = 0; i < reader.words.size(); i++) {
      reader.source(i);
    }
    for (int i = 0; i < reader.words.size(); i++) {
      reader.path(i);
    }
    return List.copyOf(reader.uses);
  }

  private void source(int i) {
    Token token = words.at(i);
    if (token.is("from") && !TokenReader.isFromOfCall(words.tokens(), i)) {
      names(i + 1, words.at(i - 1).is("delete") ? Access.WRITE : Access.READ);
    } else if (token.is("join")) {
      names(words.at(i + 1).is("fetch") ? i + 2 : i + 1, Access.READ);
    } else if (i == 0 && token.is("update")) {
      names(words.at(1).is("versioned") ? 2 : 1, Access.WRITE);
    } else if (i == 0 && token.is("delete") && !words.at(1).is("from") || isInsert(i)) {
      names(i + 1, Access.WRITE);
    } else if (token.is("treat")) {
      treated(i);
    }
  }

  private boolean isInsert(int i) {
    return words.at(i).is("into") || i == 0 && words.at(0).is("insert") && !words.at(1).is("into");
  }

  /** Reads {@code name [alias] [, name [alias]] …}; {@code in (o.lines) l} and {@code treat(o.customer as Person) p} are names as well. */
  private void names(int from, Access access) {
    int i = from;
    while (words.at(i).isName()) {
      boolean inParentheses = words.at(i).isAny("in", "treat") && words.at(i + 1).is("(");
      if (NO_ENTITY.contains(words.at(i).lower()) && !inParentheses) {
        return;
      }
      int behind = inParentheses ? words.afterParentheses(i + 1) : i + 1;
      i = named(inParentheses ? i + 2 : i, behind, access);
      if (!words.at(i).is(",")) {
        return;
      }
      i++;
    }
  }

  private int named(int name, int behind, Access access) {
    String entity = entity(words.at(name).text(), access, name);
    int alias = words.at(behind).is("as") ? behind + 1 : behind;
    if (words.at(alias).isName() && !words.at(alias).isAny(NO_ALIAS)) {
      aliases.put(words.at(alias).lower(), entity);
      return alias + 1;
    }
    unnamed.add(entity);
    return alias;
  }

  /** A name whose first part is an alias is a path, any other one an entity. */
  private String entity(String name, Access access, int position) {
    String first = name.split("\\.", 2)[0].toLowerCase(Locale.ROOT);
    if (name.indexOf('.') > 0 && aliases.containsKey(first)) {
      return walk(aliases.getOrDefault(first, ""), name.split("\\."), 1, true);
    }
    if (!locals.isLocal(name, position)) {
      uses.add(new EntityUse(name, access));
    }
    return name;
  }

  private void treated(int i) {
    int as = i + 2;
    while (as < words.size() && !words.at(as).isAny("as", ")")) {
      as++;
    }
    if (words.at(i + 1).is("(") && words.at(as).is("as") && words.at(as + 1).isName()) {
      uses.add(new EntityUse(words.at(as + 1).text(), Access.READ));
    }
  }

  private void path(int i) {
    String[] parts = words.at(i).isName() ? words.at(i).text().split("\\.") : new String[0];
    if (parts.length == 0) {
      return;
    }
    String alias = aliases.get(parts[0].toLowerCase(Locale.ROOT));
    if (alias != null) {
      walk(alias, parts, 1, isSelected(i));
    } else {
      unnamed.forEach(entity -> walk(entity, parts, 0, isSelected(i)));
    }
  }

  /** What is selected is loaded; what is compared or counted is not. */
  private boolean isSelected(int i) {
    return (words.at(i - 1).isAny("select", "distinct", ",", "(") && !words.callAround(i).is("count"))
        && words.hasBefore(i, "select") && !isBehindFrom(i);
  }

  private boolean isBehindFrom(int i) {
    int k = i - 1;
    while (k >= 0 && !words.at(k).isAny("select", "from", "where")) {
      k--;
    }
    return !words.at(k).is("select");
  }

  /** Follows a path, takes up the entities on it, and returns the one it ends at. */
  private String walk(String from, String[] parts, int first, boolean loaded) {
    String entity = from;
    for (int i = first; i < parts.length; i++) {
      Optional<EntityPaths.Attribute> attribute = paths.attribute(entity, parts[i]);
      if (attribute.isEmpty()) {
        return "";
      }
      String target = attribute.get().target();
      boolean further = i + 1 < parts.length ? !paths.isIdentifier(target, parts[i + 1]) : loaded;
      if (attribute.get().kind() == EntityPaths.Kind.MANY || attribute.get().kind() == EntityPaths.Kind.ONE && further) {
        uses.add(new EntityUse(target, Access.READ));
      }
      entity = target;
    }
    return entity;
  }
}
