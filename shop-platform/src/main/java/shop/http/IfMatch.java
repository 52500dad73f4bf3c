package shop.http;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import shop.problems.Problem;

/**
 * Which revisions of a resource a client means to change: header {@code If-Match} (RFC 9110, section 13.1.1).
 *
 * @param tags entity tags as the client sent them; of none of these, any revision is meant
 */
public record IfMatch(List<String> tags) {

  /** The precondition of who means whatever revision there is. */
  public static final IfMatch ANY = new IfMatch(List.of());

  private static final Pattern TAG = Pattern.compile("(?:W/)?\"[^\"]*\"");
  private static final Pattern TAGS = Pattern.compile("[\\s,]*%1$s(?:\\s*,[\\s,]*%1$s)*[\\s,]*".formatted(TAG));

  /**
   * Reads the header, which may be missing.
   *
   * @throws Problem 400 if it is neither {@code *} nor a list of entity tags
   */
  public static IfMatch parse(@Nullable String header) {
    if (header == null || header.strip().equals("*")) {
      return ANY;
    }
    if (!TAGS.matcher(header).matches()) {
      throw Problem.invalid("If-Match: %s is neither * nor a list of entity tags, such as \"7\".".formatted(header));
    }
    return new IfMatch(TAG.matcher(header).results().map(MatchResult::group).toList());
  }

  /**
   * Checks the present revision: of a strong comparison, so that weak tags match none. Where it is not met, the
   * transaction is to be rolled back.
   */
  public void require(long present) {
    if (!tags.isEmpty() && !tags.contains(Revision.tag(present))) {
      throw Problem.outdated("If-Match asks for %s, and the present version is %s; nothing was changed."
          .formatted(String.join(", ", tags), Revision.tag(present)));
    }
  }
}
