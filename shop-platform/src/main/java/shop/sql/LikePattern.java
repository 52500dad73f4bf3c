package shop.sql;

/** Patterns for SQL's {@code like}, whose default escape character is the backslash in H2 and PostgreSQL. */
public final class LikePattern {

  private LikePattern() {}

  /** Returns the pattern of all that starts with a text, whose own wildcards match themselves only. */
  public static String startingWith(String text) {
    return text.replaceAll("([\\\\%_])", "\\\\$1") + "%";
  }
}
