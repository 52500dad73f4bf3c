package shop.versions;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.Ordered;
import org.springframework.http.server.PathContainer;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Tells with every answer, errors included, that a version is deprecated (RFC 9745), when it may be gone (RFC 8594),
 * and what takes its place. A filter in front of all others: a request that is refused for its method, its type or its
 * size reaches no handler.
 */
public final class Deprecation extends OncePerRequestFilter implements Ordered {

  private final String deprecation;
  private final String sunset;
  private final String link;
  private final List<PathPattern> paths;

  private Deprecation(String deprecation, String sunset, String link, List<PathPattern> paths) {
    this.deprecation = deprecation;
    this.sunset = sunset;
    this.link = link;
    this.paths = paths;
  }

  /**
   * Creates what tells it.
   *
   * @param since the date since when the version is deprecated, such as 2026-12-01
   * @param until the date from which on it may be gone
   * @param successor the path of the version that takes its place
   * @param paths patterns of the paths that have a successor
   */
  public static Deprecation of(String since, String until, String successor, String... paths) {
    var end = LocalDate.parse(until).atStartOfDay(ZoneOffset.UTC);
    return new Deprecation("@" + LocalDate.parse(since).atStartOfDay(ZoneOffset.UTC).toEpochSecond(),
        DateTimeFormatter.RFC_1123_DATE_TIME.format(end), "<%s>; rel=\"successor-version\"".formatted(successor),
        Stream.of(paths).map(PathPatternParser.defaultInstance::parse).toList());
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    var path = PathContainer.parsePath(request.getRequestURI());
    return paths.stream().noneMatch(pattern -> pattern.matches(path));
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    response.setHeader("Deprecation", deprecation);
    response.setHeader("Sunset", sunset);
    response.addHeader("Link", link);
    chain.doFilter(request, response);
  }
}
