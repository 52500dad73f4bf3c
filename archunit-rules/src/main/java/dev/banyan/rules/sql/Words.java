package dev.banyan.rules.sql;

import java.util.List;

/** The tokens of a statement, with a way around in them that never leaves the list. */
record Words(List<Token> tokens) {

  private static final Token NONE = new Token(Token.Kind.SIGN, "", 0, 0);

  Words {
    tokens = List.copyOf(tokens);
  }

  Token at(int i) {
    return i >= 0 && i < tokens.size() ? tokens.get(i) : NONE;
  }

  Token first() {
    return at(0);
  }

  int size() {
    return tokens.size();
  }

  boolean has(String... words) {
    return tokens.stream().anyMatch(token -> token.isAny(words));
  }

  boolean hasBefore(int end, String... words) {
    return tokens.subList(0, Math.min(end, size())).stream().anyMatch(token -> token.isAny(words));
  }

  boolean hasAfter(int start, String... words) {
    return start < size() && tokens.subList(start, size()).stream().anyMatch(token -> token.isAny(words));
  }

  /** Returns the first position from here on that none of the words stands at. */
  int skip(int from, String... words) {
    int i = from;
    while (at(i).isAny(words)) {
      i++;
    }
    return i;
  }

  /** Returns the position behind the parenthesis that closes the one here. */
  int afterParentheses(int open) {
    int i = open + 1;
    while (i < size() && !(at(i).is(")") && at(i).depth() == at(open).depth())) {
      i++;
    }
    return i + 1;
  }

  /** Returns the word in front of the parenthesis around a position; an empty one if there is none. */
  Token callAround(int i) {
    for (int k = i - 1; k > 0; k--) {
      if (at(k).is("(") && at(k).depth() == at(i).depth() - 1) {
        return at(k - 1);
      }
    }
    return NONE;
  }
}
