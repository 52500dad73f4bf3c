package dev.banyan.proxy.route;

import dev.banyan.control.client.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads routes from a file, for a team that wants only the proxy:
 *
 * <pre>{@code
 * modules:
 *   users:
 *     service: http://localhost:8082
 *     owner: monolith        # or service, the default
 *     reads-percent: 10      # default 0
 *     routes:
 *       - path: /api/v1/users/**
 *       - { path: /api/v1/users/search, methods: [POST], kind: read }
 * }</pre>
 */
public final class StaticRoutes {

  private static final Set<String> MODULE_KEYS = Set.of("service", "owner", "reads-percent", "routes");
  private static final Set<String> ROUTE_KEYS = Set.of("path", "methods", "kind");

  private final List<String> problems = new ArrayList<>();
  private final String file;

  private StaticRoutes(String file) {
    this.file = file;
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException if it cannot be read or says something unknown; the message has a line for each
   *     problem
   */
  public static List<ModuleState> load(Path file) {
    var reader = new StaticRoutes(file.toString());
    List<ModuleState> modules = reader.modules(reader.parse(file));
    if (!reader.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join(System.lineSeparator(), reader.problems));
    }
    return modules;
  }

  private @Nullable Object parse(Path path) {
    try (var text = Files.newBufferedReader(path)) {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    } catch (IOException e) {
      throw new IllegalArgumentException("%s: cannot be read: %s".formatted(file, e), e);
    } catch (YAMLException e) {
      throw new IllegalArgumentException("%s: is no YAML: %s".formatted(file, e.getMessage()), e);
    }
  }

  private List<ModuleState> modules(@Nullable Object root) {
    Map<?, ?> top = map(root, "the file");
    refuseUnknown(top, Set.of("modules"), "the file");
    List<ModuleState> modules = new ArrayList<>();
    map(top.get("modules"), "modules").forEach((name, value) -> module(String.valueOf(name), value).ifPresent(modules::add));
    return modules;
  }

  private Optional<ModuleState> module(String name, @Nullable Object value) {
    String where = "modules." + name;
    Map<?, ?> module = map(value, where);
    refuseUnknown(module, MODULE_KEYS, where);
    Optional<Origin> service = required(module, "service", where, Origin::parse);
    Optional<Owner> owner = read(module, "owner", "service", where, text -> Owner.valueOf(text.toUpperCase(Locale.ROOT)));
    Optional<Integer> percent = read(module, "reads-percent", "0", where, StaticRoutes::percent);
    List<Route> routes = routes(module.get("routes"), where + ".routes");
    return service.isEmpty() || owner.isEmpty() || percent.isEmpty() ? Optional.empty()
        : Optional.of(new ModuleState(name, ModuleState.STATIC, owner.get(), percent.get(), 0, false,
            Optional.empty(), service, Duration.ZERO, routes));
  }

  private static int percent(String text) {
    int percent = Integer.parseInt(text);
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("0 to 100 are possible");
    }
    return percent;
  }

  private List<Route> routes(@Nullable Object value, String where) {
    List<Route> routes = new ArrayList<>();
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      problem(where, "must be a list with one route at least");
      return routes;
    }
    for (int i = 0; i < list.size(); i++) {
      route(list.get(i), "%s[%d]".formatted(where, i)).ifPresent(routes::add);
    }
    return routes;
  }

  private Optional<Route> route(@Nullable Object value, String where) {
    Map<?, ?> route = map(value, where);
    refuseUnknown(route, ROUTE_KEYS, where);
    Set<String> methods = new LinkedHashSet<>();
    if (route.get("methods") instanceof List<?> list) {
      list.forEach(method -> methods.add(String.valueOf(method)));
    } else if (route.containsKey("methods")) {
      problem(where + ".methods", "must be a list, as [GET, POST]");
    }
    Optional<Access> access = route.containsKey("kind")
        ? required(route, "kind", where, text -> Access.valueOf(text.toUpperCase(Locale.ROOT))) : Optional.empty();
    return required(route, "path", where, PathPattern::parse).map(pattern -> new Route(pattern, methods, access));
  }

  private <T> Optional<T> required(Map<?, ?> map, String key, String where, Function<String, T> reader) {
    if (!map.containsKey(key)) {
      problem(where, "lacks '" + key + "'");
      return Optional.empty();
    }
    return read(map, key, "", where, reader);
  }

  private <T> Optional<T> read(Map<?, ?> map, String key, String fallback, String where, Function<String, T> reader) {
    Object value = map.get(key);
    try {
      return Optional.of(reader.apply(value == null ? fallback : String.valueOf(value)));
    } catch (IllegalArgumentException e) {
      problem(where + "." + key, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Map<?, ?> map(@Nullable Object value, String where) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    problem(where, "must be a mapping");
    return Map.of();
  }

  private void refuseUnknown(Map<?, ?> map, Set<String> known, String where) {
    map.keySet().stream().filter(key -> !known.contains(String.valueOf(key))).forEach(
        key -> problem(where, "has an unknown key '%s'; known are %s".formatted(key, known.stream().sorted().toList())));
  }

  private void problem(String where, String what) {
    problems.add("%s: %s: %s".formatted(file, where, what));
  }
}
