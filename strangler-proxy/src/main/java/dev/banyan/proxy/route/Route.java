package dev.banyan.proxy.route;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One claim of a module on requests.
 *
 * @param pattern the paths claimed
 * @param methods the methods claimed, in upper case; empty for all
 * @param access what these requests do; empty where the method tells
 */
public record Route(PathPattern pattern, Set<String> methods, Optional<Access> access) {

  /** Makes the methods immutable and upper case. */
  public Route {
    methods = methods.stream().map(m -> m.toUpperCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
  }

  /** Returns a route of all methods, each of which does what its name says. */
  public static Route of(String pattern) {
    return of(pattern, List.of(), Optional.empty());
  }

  /**
   * Returns a route.
   *
   * @throws IllegalArgumentException if the pattern is not one
   */
  public static Route of(String pattern, List<String> methods, Optional<Access> access) {
    return new Route(PathPattern.parse(pattern), Set.copyOf(methods), access);
  }

  boolean matches(RequestPath path, String method) {
    return (methods.isEmpty() || methods.contains(method)) && pattern.matches(path);
  }

  /** Returns what a request with this method does under this route. */
  public Access accessOf(String method) {
    return access.orElseGet(() -> Access.of(method));
  }
}
