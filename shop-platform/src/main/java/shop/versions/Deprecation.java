package shop.versions;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Tells with every answer, errors included, that a version is deprecated (RFC 9745), when it may be gone (RFC 8594),
 * and what takes its place.
 */
public final class Deprecation implements HandlerInterceptor {

  private final String deprecation;
  private final String sunset;
  private final String link;

  private Deprecation(String deprecation, String sunset, String link) {
    this.deprecation = deprecation;
    this.sunset = sunset;
    this.link = link;
  }

  /**
   * Creates what tells it.
   *
   * @param since the date since when the version is deprecated, such as 2026-12-01
   * @param until the date from which on it may be gone
   * @param successor the path of the version that takes its place
   */
  public static Deprecation of(String since, String until, String successor) {
    var end = LocalDate.parse(until).atStartOfDay(ZoneOffset.UTC);
    return new Deprecation("@" + LocalDate.parse(since).atStartOfDay(ZoneOffset.UTC).toEpochSecond(),
        DateTimeFormatter.RFC_1123_DATE_TIME.format(end), "<%s>; rel=\"successor-version\"".formatted(successor));
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
    response.setHeader("Deprecation", deprecation);
    response.setHeader("Sunset", sunset);
    response.addHeader("Link", link);
    return true;
  }
}
