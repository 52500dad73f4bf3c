package dev.banyan.proxy.serve;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** What a proxy does to headers: drops those of the connection, tells the origin who asked for what; no more. */
final class Headers {

  /** RFC 9110, section 7.6.1, and the older ones that clients still send. */
  private static final List<String> OF_THE_CONNECTION =
      List.of("connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade");

  private final boolean trustForwarded;
  private final List<String> ownTowardsOrigins;

  /**
   * Creates the rule.
   *
   * @param trustForwarded whether what an earlier proxy said is kept; otherwise it is replaced
   * @param ownTowardsOrigins what is put on behind this, so that a client's must not stand beside it
   */
  Headers(boolean trustForwarded, Collection<String> ownTowardsOrigins) {
    this.trustForwarded = trustForwarded;
    this.ownTowardsOrigins = List.copyOf(ownTowardsOrigins);
  }

  /** Tells whether the body's framing is one that can be passed on. */
  static boolean isFramed(MultiMap headers) {
    List<String> encodings = headers.getAll("transfer-encoding");
    return encodings.isEmpty() || encodings.size() == 1 && encodings.get(0).equalsIgnoreCase("chunked");
  }

  /** Tells whether a request has no body. */
  static boolean isBodiless(MultiMap headers) {
    String length = headers.get("content-length");
    return !headers.contains("transfer-encoding") && (length == null || length.equals("0"));
  }

  /** Tells whether the client waits to be asked for its body. */
  static boolean isWaitingToContinue(MultiMap headers) {
    return "100-continue".equalsIgnoreCase(headers.get("expect"));
  }

  /** Prepares a request's headers for an origin. */
  void forOrigin(HttpServerRequest request, MultiMap headers) {
    dropThoseOfTheConnection(headers);
    headers.remove("expect");
    dropOwn(headers);
    if (!trustForwarded) {
      List.of("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port")
          .forEach(headers::remove);
    }
    String client = request.remoteAddress().hostAddress();
    String before = headers.get("x-forwarded-for");
    headers.set("x-forwarded-for", before == null ? client : before + ", " + client);
    setIfAbsent(headers, "x-forwarded-proto", request.isSSL() ? "https" : "http");
    String host = request.getHeader("host");
    if (host != null) {
      setIfAbsent(headers, "x-forwarded-host", host);
    }
  }

  /** Drops what is put on again for the origin. */
  void dropOwn(MultiMap headers) {
    ownTowardsOrigins.forEach(headers::remove);
  }

  /** Prepares an answer's headers for the client. */
  void forClient(MultiMap headers) {
    dropThoseOfTheConnection(headers);
  }

  private static void setIfAbsent(MultiMap headers, String name, String value) {
    if (!headers.contains(name)) {
      headers.set(name, value);
    }
  }

  private static void dropThoseOfTheConnection(MultiMap headers) {
    for (String named : headers.getAll("connection")) {
      for (String option : named.split(",")) {
        String name = option.trim();
        if (!name.isEmpty() && !isEssential(name)) {
          headers.remove(name);
        }
      }
    }
    OF_THE_CONNECTION.forEach(headers::remove);
  }

  /** A client must not be able to have the framing, or who it is, taken away by naming it as an option. */
  private static boolean isEssential(String name) {
    return name.equalsIgnoreCase("content-length") || name.equalsIgnoreCase("transfer-encoding")
        || name.equalsIgnoreCase("host") || name.toLowerCase(Locale.ROOT).startsWith("x-forwarded-");
  }
}
