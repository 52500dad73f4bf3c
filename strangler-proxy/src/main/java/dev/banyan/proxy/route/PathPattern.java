package dev.banyan.proxy.route;

import java.util.ArrayList;
import java.util.List;

/**
 * The paths that a route claims, as Spring's {@code PathPattern} writes them: {@code *} and <code>{name}</code> stand
 * for one segment, a trailing {@code **} for any number, none included. Letter case counts, a trailing slash does not.
 *
 * <p>Patterns are ordered from the most specific to the least: segment by segment, a literal before a variable, and
 * an end before a {@code **}. Of several that match a path the first one decides.
 */
public final class PathPattern implements Comparable<PathPattern> {

  private static final String ONE = "*";
  private static final String REST = "**";

  private final String text;
  private final List<String> segments;
  private final boolean open;
  private final String rank;

  private PathPattern(String text, List<String> segments, boolean open) {
    this.text = text;
    this.segments = List.copyOf(segments);
    this.open = open;
    this.rank = rank(segments, open);
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it does not begin with a slash, or a wildcard stands where none may
   */
  public static PathPattern parse(String text) {
    require(text.startsWith("/"), text, "must begin with '/'");
    List<String> segments = new ArrayList<>();
    boolean open = false;
    for (String segment : text.substring(1).split("/")) {
      require(!open, text, "may have '**' only at its end");
      open = segment.equals(REST) || segment.matches("\\{\\*\\w+}");
      if (!open && !segment.isEmpty()) {
        segments.add(parseSegment(text, segment));
      }
    }
    return new PathPattern(text, segments, open);
  }

  private static String parseSegment(String text, String segment) {
    if (segment.equals(ONE) || segment.matches("\\{\\w+}")) {
      return ONE;
    }
    require(!segment.matches(".*[*?{}#;%\\\\].*") && !segment.matches("\\.\\.?"), text,
        "has a segment '" + segment + "'; each is a literal, '*' or '{name}'");
    return segment;
  }

  private static void require(boolean condition, String text, String problem) {
    if (!condition) {
      throw new IllegalArgumentException("Path '%s' %s. Example: /api/v1/users/**".formatted(text, problem));
    }
  }

  private static String rank(List<String> segments, boolean open) {
    var rank = new StringBuilder();
    segments.forEach(segment -> rank.append(segment.equals(ONE) ? 'b' : 'a'));
    return open ? rank.append('c').toString() : rank.toString();
  }

  /** Tells whether this pattern claims the path. */
  public boolean matches(RequestPath path) {
    List<String> actual = path.segments();
    if (open ? actual.size() < segments.size() : actual.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      String expected = segments.get(i);
      if (!expected.equals(ONE) && !expected.equals(actual.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int compareTo(PathPattern other) {
    int byRank = rank.compareTo(other.rank);
    return byRank != 0 ? byRank : segments.toString().compareTo(other.segments.toString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PathPattern that && open == that.open && segments.equals(that.segments);
  }

  @Override
  public int hashCode() {
    return segments.hashCode() + (open ? 1 : 0);
  }

  /** Returns the pattern as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
