package shop.http;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import shop.problems.Problem;

/** Entity tags that are revisions, and the precondition If-Match over them (RFC 9110, sections 8.8.3 and 13.1.1). */
public final class Revision {

  private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})\"");

  private Revision() {}

  /** Returns the entity tag of a revision. */
  public static String tag(long revision) {
    return "\"%d\"".formatted(revision);
  }

  /**
   * Returns the revision that a client wants to change, or nothing if it did not say.
   *
   * @param ifMatch the header's value: an entity tag, or {@code *} for any revision
   * @throws Problem 412 if it is no tag of ours, which therefore cannot match
   */
  public static @Nullable Long wanted(@Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.strip().equals("*")) {
      return null;
    }
    var match = TAG.matcher(ifMatch.strip());
    if (!match.matches()) {
      throw Problem.outdated("If-Match: %s names no revision of this resource; its ETag does.".formatted(ifMatch));
    }
    return Long.valueOf(match.group(1));
  }

  /**
   * Checks the revision that a change has made; where it is another one than wanted, the transaction is to be rolled back.
   *
   * @param wanted the revision that was to be changed, or nothing for any
   * @param made the revision after the change
   */
  public static void requireNext(@Nullable Long wanted, long made) {
    if (wanted != null && made != wanted + 1) {
      throw Problem.outdated("Revision %d was to be changed, and the present one is %d; nothing was changed.".formatted(wanted, made - 1));
    }
  }
}
