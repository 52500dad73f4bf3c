package shop.http;

/** Entity tags that are revisions (RFC 9110, section 8.8.3). */
public final class Revision {

  private Revision() {}

  /** Returns the entity tag of a revision. */
  public static String tag(long revision) {
    return "\"%d\"".formatted(revision);
  }
}
