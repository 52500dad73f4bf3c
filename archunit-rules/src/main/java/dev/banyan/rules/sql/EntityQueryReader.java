package dev.banyan.rules.sql;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds the entities of a JPQL or HQL query. A name with a dot after FROM or JOIN is a path from an alias
 * ({@code join a.orders}) unless its first part is no alias: then it is the full name of a class.
 */
public final class EntityQueryReader {

  private static final Set<String> NO_ENTITY = Set.of("fetch", "select", "treat", "in", "lateral", "where", "set");

  private final List<Token> tokens;
  private final Set<EntityUse> uses = new LinkedHashSet<>();
  private final Set<String> aliases = new LinkedHashSet<>();

  private EntityQueryReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** Reads a query; each entity once for each access. */
  public static List<EntityUse> read(String query) {
    var reader = new EntityQueryReader(Tokenizer.tokens(query));
    for (int i = 0; i < reader.tokens.size(); i++) {
      reader.readAt(i);
    }
    return reader.uses.stream().filter(use -> !reader.isPath(use.name())).toList();
  }

  private boolean isPath(String name) {
    int dot = name.indexOf('.');
    return dot > 0 && aliases.contains(name.substring(0, dot).toLowerCase(Locale.ROOT));
  }

  private void readAt(int i) {
    Token token = at(i);
    if (token.is("from") && !TokenReader.isFromOfCall(tokens, i)) {
      names(i + 1, at(i - 1).is("delete") ? Access.WRITE : Access.READ);
    } else if (token.is("join")) {
      names(at(i + 1).is("fetch") ? i + 2 : i + 1, Access.READ);
    } else if (i == 0 && token.is("update")) {
      names(at(1).is("versioned") ? 2 : 1, Access.WRITE);
    } else if (i == 0 && token.is("delete") && !at(1).is("from") || token.is("into")) {
      names(i + 1, Access.WRITE);
    }
  }

  private void names(int from, Access access) {
    int i = from;
    while (at(i).isName() && !NO_ENTITY.contains(at(i).lower())) {
      uses.add(new EntityUse(at(i).text(), access));
      i++;
      i = at(i).is("as") ? i + 1 : i;
      if (at(i).isName() && !at(i).isAny("where", "set", "join", "left", "inner", "on", "order", "group", "cross", "fetch", "select")) {
        aliases.add(at(i).lower());
        i++;
      }
      if (!at(i).is(",")) {
        return;
      }
      i++;
    }
  }

  private Token at(int i) {
    return i >= 0 && i < tokens.size() ? tokens.get(i) : new Token(Token.Kind.SIGN, "", 0, 0);
  }
}
