package dev.banyan.proxy.route;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * A server that requests are sent on to: the monolith, or a service.
 *
 * @param host name or address
 * @param port 1 to 65535
 * @param secure whether it speaks TLS
 */
public record Origin(String host, int port, boolean secure) {

  /**
   * Reads an origin from its URL, {@code http://host[:port]} or {@code https://host[:port]}.
   *
   * @throws IllegalArgumentException if the URL has another form; a path is refused, because routes keep their paths
   */
  public static Origin parse(String url) {
    URI uri = uri(url);
    boolean secure = "https".equals(uri.getScheme());
    String host = uri.getHost();
    if (host == null || !(secure || "http".equals(uri.getScheme())) || !isBare(uri)) {
      throw new IllegalArgumentException("'%s' is no origin. Write http://host:port, without a path.".formatted(url));
    }
    return new Origin(host, uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80, secure);
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'%s' is no URL: %s".formatted(url, e.getReason()), e);
    }
  }

  private static boolean isBare(URI uri) {
    String path = uri.getPath();
    return (path == null || path.isEmpty() || path.equals("/"))
        && uri.getQuery() == null && uri.getFragment() == null && uri.getUserInfo() == null;
  }

  /** Returns the origin's URL. */
  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + host + ":" + port;
  }
}
