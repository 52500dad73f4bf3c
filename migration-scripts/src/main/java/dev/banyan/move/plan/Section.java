package dev.banyan.move.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A mapping of the plan's YAML that remembers which keys were asked for, so that the others can be reported. */
final class Section {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private final Source source;
  private final String path;
  private final int line;
  private final List<NodeTuple> entries;
  private final Set<String> asked = new HashSet<>();

  /** What all sections of a file share. */
  record Source(String file, Map<String, String> environment, List<Problem> problems) {

    void report(int line, String message) {
      problems.add(new Problem(file, line, message));
    }
  }

  private Section(Source source, String path, int line, List<NodeTuple> entries) {
    this.source = source;
    this.path = path;
    this.line = line;
    this.entries = entries;
  }

  static Section of(Source source, String path, Node node) {
    if (node instanceof MappingNode mapping) {
      return new Section(source, path, lineOf(node), mapping.getValue());
    }
    source.report(lineOf(node), "'%s' must hold keys and values".formatted(path));
    return new Section(source, path, lineOf(node), List.of());
  }

  int line() {
    return line;
  }

  Section section(String key) {
    return node(key).map(node -> of(source, name(key), node)).orElseGet(() -> {
      source.report(line, "'%s' is missing".formatted(name(key)));
      // What stands below it is missing with it: one problem, not many.
      return new Section(new Source(source.file(), source.environment(), new ArrayList<>()), name(key), line, List.of());
    });
  }

  Optional<Section> optionalSection(String key) {
    return node(key).map(node -> of(source, name(key), node));
  }

  String text(String key) {
    return optionalText(key).orElseGet(() -> {
      if (node(key).isEmpty()) {
        source.report(line, "'%s' is missing".formatted(name(key)));
      }
      return "";
    });
  }

  Optional<String> optionalText(String key) {
    return node(key).flatMap(node -> scalar(name(key), node));
  }

  /** Reads a value; what {@code parser} refuses is reported with its reason. */
  <T> Optional<T> parsed(String key, Function<String, T> parser) {
    return optionalText(key).flatMap(text -> {
      try {
        return Optional.of(parser.apply(text));
      } catch (IllegalArgumentException e) {
        source.report(lineOf(key), "'%s': %s".formatted(name(key), e.getMessage()));
        return Optional.empty();
      }
    });
  }

  List<Node> list(String key) {
    Optional<Node> found = node(key);
    if (found.isEmpty()) {
      return List.of();
    }
    if (found.get() instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    source.report(lineOf(found.get()), "'%s' must be a list".formatted(name(key)));
    return List.of();
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    list(key).forEach(node -> scalar(name(key), node).ifPresent(texts::add));
    return texts;
  }

  Set<String> keys() {
    Set<String> keys = new HashSet<>();
    entries.forEach(entry -> keys.add(keyOf(entry)));
    return keys;
  }

  /** Tells whether the key is there with no value, {@code ~}. */
  boolean isNull(String key) {
    return node(key).filter(node -> node.getTag().equals(Tag.NULL)).isPresent();
  }

  int lineOf(String key) {
    return node(key).map(Section::lineOf).orElse(line);
  }

  /** Reports every key that nobody asked for, and every key that stands twice. */
  void refuseUnknown() {
    Set<String> seen = new HashSet<>();
    for (NodeTuple entry : entries) {
      String key = keyOf(entry);
      if (!asked.contains(key)) {
        source.report(lineOf(entry.getKeyNode()), "unknown key '%s'; known here: %s".formatted(name(key),
            String.join(", ", asked.stream().sorted().toList())));
      }
      if (!seen.add(key)) {
        source.report(lineOf(entry.getKeyNode()), "'%s' stands twice".formatted(name(key)));
      }
    }
  }

  Optional<String> scalar(String name, Node node) {
    if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
      return Optional.of(resolve(scalar.getValue(), lineOf(node)));
    }
    source.report(lineOf(node), "'%s' must be a text".formatted(name));
    return Optional.empty();
  }

  private String resolve(String text, int at) {
    Matcher matcher = VARIABLE.matcher(text);
    return matcher.replaceAll(match -> {
      @Nullable String value = source.environment().get(match.group(1));
      if (value == null) {
        source.report(at, "the environment variable %s is not set".formatted(match.group(1)));
      }
      return Matcher.quoteReplacement(value == null ? "" : value);
    });
  }

  private Optional<Node> node(String key) {
    asked.add(key);
    return entries.stream().filter(entry -> keyOf(entry).equals(key)).map(NodeTuple::getValueNode).findFirst();
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String keyOf(NodeTuple entry) {
    return entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
  }

  static int lineOf(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
