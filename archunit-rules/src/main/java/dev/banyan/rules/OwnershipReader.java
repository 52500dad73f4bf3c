package dev.banyan.rules;

import dev.banyan.rules.resource.Roots;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads {@code schema-ownership.yml} and reports all that is wrong with it at once, with lines. */
final class OwnershipReader {

  private record Owner(String module, int line) {}

  private final String name;
  private final LocalDate today;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Owner> owners = new HashMap<>();

  OwnershipReader(String name, LocalDate today) {
    this.name = name;
    this.today = today;
  }

  SchemaOwnership read(Reader reader) {
    Map<String, Node> top = mapping(compose(reader), List.of("modules", "shared", "exceptions"));
    List<OwnedModule> modules = new ArrayList<>();
    mapping(top.get("modules"), List.of()).forEach((module, node) -> modules.add(module(module, node)));
    if (modules.isEmpty()) {
      problem(top.get("modules"), "'modules' names no module");
    }
    List<TablePattern> shared = patterns(top.get("shared"));
    List<AllowedAccess> exceptions = new ArrayList<>();
    sequence(top.get("exceptions")).forEach(node -> exception(node, modules).ifPresent(exceptions::add));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
    }
    return new SchemaOwnership(modules, shared, exceptions, today);
  }

  private @Nullable Node compose(Reader reader) {
    try {
      return new Yaml(new SafeConstructor(new LoaderOptions())).compose(reader);
    } catch (MarkedYAMLException e) {
      throw new IllegalArgumentException("%s: is no YAML: %s".formatted(name, e.getMessage()), e);
    } catch (YAMLException e) {
      throw new IllegalArgumentException("%s: is no text in UTF-8: %s".formatted(name, e.getMessage()), e);
    }
  }

  private OwnedModule module(String module, Node node) {
    Map<String, Node> keys = mapping(node, List.of("packages", "classes", "schemas", "tables", "default-schema"));
    List<Node> schemaNodes = sequence(keys.get("schemas"));
    schemaNodes.forEach(item -> ownedOnce(module, item));
    List<String> schemas = schemaNodes.stream().flatMap(item -> text(item).stream()).map(schema -> schema.toLowerCase(Locale.ROOT)).toList();
    Optional<String> home = text(keys.get("default-schema")).map(schema -> schema.toLowerCase(Locale.ROOT));
    return new OwnedModule(module, texts(keys.get("packages")), classes(keys.get("classes")), schemas, patterns(keys.get("tables")), home);
  }

  /** A schema with two owners would belong to the first of them, and nobody would see what crosses the border. */
  private void ownedOnce(String module, Node item) {
    if (item instanceof ScalarNode scalar) {
      Owner owner = new Owner(module, scalar.getStartMark().getLine() + 1);
      Owner first = owners.putIfAbsent(scalar.getValue().toLowerCase(Locale.ROOT), owner);
      if (first != null && !first.module().equals(module)) {
        problem(item, "schema '%s' belongs to module '%s' already, in line %d; give it to one of them, and single tables of it to the other"
            .formatted(scalar.getValue(), first.module(), first.line()));
      }
    }
  }

  /** The classes in directories and jars, for modules that share a package. */
  private Set<String> classes(@Nullable Node node) {
    Set<String> classes = new LinkedHashSet<>();
    for (Node item : sequence(node)) {
      text(item).ifPresent(text -> {
        try {
          classes.addAll(Roots.classesIn(Path.of(text)));
        } catch (IOException e) {
          problem(item, "'%s' is neither a directory of classes nor a jar that can be read; it is looked up from %s"
              .formatted(text, Path.of("").toAbsolutePath()));
        }
      });
    }
    return classes;
  }

  private Optional<AllowedAccess> exception(Node node, List<OwnedModule> modules) {
    Map<String, Node> keys = mapping(node, List.of("module", "table", "reason", "until"));
    Optional<String> module = required(node, keys, "module", Function.identity());
    module.filter(named -> modules.stream().noneMatch(each -> each.name().equals(named))).ifPresent(named -> problem(keys.get("module"),
        "there is no module '%s'; there are %s".formatted(named, String.join(", ", modules.stream().map(OwnedModule::name).toList()))));
    Optional<TablePattern> table = required(node, keys, "table", TablePattern::parse);
    Optional<String> reason = required(node, keys, "reason", Function.identity());
    Optional<LocalDate> until = required(node, keys, "until", LocalDate::parse);
    return module.isEmpty() || table.isEmpty() || reason.isEmpty() || until.isEmpty() ? Optional.empty()
        : Optional.of(new AllowedAccess(module.get(), table.get(), reason.get(), until.get()));
  }

  private List<TablePattern> patterns(@Nullable Node node) {
    List<TablePattern> patterns = new ArrayList<>();
    sequence(node).forEach(item -> text(item).flatMap(text -> read(item, text, TablePattern::parse)).ifPresent(patterns::add));
    return patterns;
  }

  private List<String> texts(@Nullable Node node) {
    return sequence(node).stream().flatMap(item -> text(item).stream()).toList();
  }

  private <T> Optional<T> required(Node owner, Map<String, Node> keys, String key, Function<String, T> reader) {
    Node node = keys.get(key);
    if (node == null) {
      problem(owner, "'" + key + "' is missing");
      return Optional.empty();
    }
    return text(node).flatMap(text -> read(node, text, reader));
  }

  private <T> Optional<T> read(Node node, String text, Function<String, T> reader) {
    try {
      return Optional.of(reader.apply(text));
    } catch (DateTimeException e) {
      problem(node, "'%s' is no date. Write it as 2027-01-31.".formatted(text));
    } catch (IllegalArgumentException e) {
      problem(node, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private Optional<String> text(@Nullable Node node) {
    if (node instanceof ScalarNode scalar) {
      return Optional.of(scalar.getValue());
    }
    if (node != null) {
      problem(node, "a text is expected here");
    }
    return Optional.empty();
  }

  private List<Node> sequence(@Nullable Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    if (node != null) {
      problem(node, "a list is expected here");
    }
    return List.of();
  }

  /** Reads a mapping; if {@code known} is empty, its keys are names. */
  private Map<String, Node> mapping(@Nullable Node node, List<String> known) {
    Map<String, Node> keys = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(tuple -> key(keys, tuple, known));
    } else {
      problem(node, "a mapping is expected here");
    }
    return keys;
  }

  private void key(Map<String, Node> keys, NodeTuple tuple, List<String> known) {
    String key = text(tuple.getKeyNode()).orElse("");
    if (!known.isEmpty() && !known.contains(key)) {
      problem(tuple.getKeyNode(), "unknown key '%s'; known are %s".formatted(key, String.join(", ", known)));
    } else if (keys.put(key, tuple.getValueNode()) != null) {
      problem(tuple.getKeyNode(), "'%s' stands here for the second time".formatted(key));
    }
  }

  private void problem(@Nullable Node node, String what) {
    int line = node == null ? 1 : node.getStartMark().getLine() + 1;
    problems.add("%s, line %d: %s".formatted(name, line, what));
  }
}
