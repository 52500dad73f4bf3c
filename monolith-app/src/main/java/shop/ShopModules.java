package shop;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.core.env.Environment;

/**
 * The modules that this process runs: property {@code shop.modules}, all of them by default. Of each it has the beans,
 * the endpoints and the migrations; of a module that it only calls, the way there.
 *
 * @param names the modules of this process
 */
record ShopModules(Set<String> names) {

  static final String PROPERTY = "shop.modules";

  /** Every module with a schema of its own, and the modules that it calls. */
  private static final Map<String, Set<String>> CALLS = Map.of(
      "users", Set.of(),
      "inventory", Set.of(),
      "payments", Set.of(),
      "orders", Set.of("users", "inventory", "payments"),
      "reporting", Set.of("users", "orders", "payments", "inventory"));

  /** The modules that others can call over HTTP. */
  private static final Set<String> CAN_BE_ELSEWHERE = Set.of("users", "inventory");

  ShopModules {
    requireKnown(names);
    names.forEach(name -> requireWithinReach(name, names));
  }

  static ShopModules of(Environment environment) {
    var named = environment.getProperty(PROPERTY, "");
    return new ShopModules(named.isBlank() ? CALLS.keySet() : split(named));
  }

  static Set<String> all() {
    return CALLS.keySet();
  }

  static Set<String> calledBy(String module) {
    return CALLS.getOrDefault(module, Set.of());
  }

  boolean areAll() {
    return names.equals(CALLS.keySet());
  }

  boolean run(String module) {
    return names.contains(module);
  }

  /** Tells whether a module of this process calls the given one. */
  boolean call(String module) {
    return names.stream().anyMatch(name -> calledBy(name).contains(module));
  }

  private static Set<String> split(String named) {
    return Arrays.stream(named.split(",")).map(String::strip).collect(Collectors.toSet());
  }

  private static void requireKnown(Set<String> names) {
    var unknown = sorted(names);
    unknown.removeAll(CALLS.keySet());
    if (!unknown.isEmpty()) {
      throw new UnusableModulesException("%s names '%s', which is no module of the shop."
          .formatted(PROPERTY, String.join("', '", unknown)),
          "Name some of %s, with commas between them, or leave the property out to run them all."
              .formatted(String.join(", ", sorted(CALLS.keySet()))));
    }
  }

  private static void requireWithinReach(String name, Set<String> names) {
    var missing = sorted(calledBy(name));
    missing.removeAll(names);
    missing.removeAll(CAN_BE_ELSEWHERE);
    if (!missing.isEmpty()) {
      throw new UnusableModulesException("%s names '%s', which calls '%s' in its own process."
          .formatted(PROPERTY, name, String.join("', '", missing)),
          "Add %s to %s.".formatted(String.join(", ", List.copyOf(missing)), PROPERTY));
    }
  }

  private static TreeSet<String> sorted(Set<String> names) {
    return new TreeSet<>(names);
  }
}
