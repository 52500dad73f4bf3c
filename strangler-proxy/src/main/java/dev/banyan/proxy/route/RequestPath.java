package dev.banyan.proxy.route;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The path of a request as an origin will understand it: matrix parameters cut off, each segment decoded once, dot
 * segments followed, empty segments dropped (RFC 3986, sections 2.1 and 5.2.4; Tomcat and Spring do the same).
 *
 * <p>Routes are matched against this and never against the raw text; otherwise {@code /x/../users} or
 * {@code /%75sers} would pass by the routes of a module. What origins understand differently from one another has no
 * request path at all and is refused.
 *
 * @param segments decoded, none of them empty, {@code .} or {@code ..}
 */
public record RequestPath(List<String> segments) {

  /** Makes the segments immutable. */
  public RequestPath {
    segments = List.copyOf(segments);
  }

  /**
   * Reads a raw path.
   *
   * @return nothing if the path is malformed, leads above the root, or hides a separator or control character
   */
  public static Optional<RequestPath> of(String raw) {
    if (!raw.startsWith("/")) {
      return raw.equals("*") ? Optional.of(new RequestPath(List.of())) : Optional.empty();
    }
    List<String> segments = new ArrayList<>();
    for (int from = 1, to; from <= raw.length(); from = to + 1) {
      to = raw.indexOf('/', from);
      to = to < 0 ? raw.length() : to;
      if (!add(segments, raw.substring(from, to))) {
        return Optional.empty();
      }
    }
    return Optional.of(new RequestPath(segments));
  }

  private static boolean add(List<String> segments, String raw) {
    Optional<String> decoded = decode(withoutParameters(raw)).filter(RequestPath::isPlain);
    if (decoded.isEmpty()) {
      return false;
    }
    String segment = decoded.get();
    if (segment.equals("..")) {
      return removeLast(segments);
    }
    if (!segment.isEmpty() && !segment.equals(".")) {
      segments.add(segment);
    }
    return true;
  }

  private static boolean removeLast(List<String> segments) {
    if (segments.isEmpty()) {
      return false;
    }
    segments.remove(segments.size() - 1);
    return true;
  }

  private static String withoutParameters(String segment) {
    int semicolon = segment.indexOf(';');
    return semicolon < 0 ? segment : segment.substring(0, semicolon);
  }

  private static Optional<String> decode(String segment) {
    if (segment.indexOf('%') < 0) {
      return Optional.of(segment);
    }
    var bytes = new ByteArrayOutputStream(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      if (segment.charAt(i) != '%') {
        bytes.writeBytes(String.valueOf(segment.charAt(i)).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      int octet = octet(segment, i);
      if (octet < 0) {
        return Optional.empty();
      }
      bytes.write(octet);
      i += 2;
    }
    return Optional.of(bytes.toString(StandardCharsets.UTF_8));
  }

  private static int octet(String segment, int percent) {
    if (percent + 2 >= segment.length()) {
      return -1;
    }
    int high = Character.digit(segment.charAt(percent + 1), 16);
    int low = Character.digit(segment.charAt(percent + 2), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  /** A separator that shows only after decoding is one to some origins and none to others. */
  private static boolean isPlain(String segment) {
    return segment.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ' || c == 0x7f);
  }
}
