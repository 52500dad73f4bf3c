package dev.banyan.rules.migration;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads a changelog in YAML, or in JSON, which is YAML too. A list of elements becomes the children of its key. */
final class YamlChanges {

  private YamlChanges() {}

  /** Returns the root; nothing if the text is no YAML. */
  static Optional<Change> read(String text) {
    try {
      // YAML refuses tabs where JSON may have them.
      Node node = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text.replace('\t', ' ')));
      return node instanceof MappingNode ? Optional.of(element("", node, 1)) : Optional.empty();
    } catch (YAMLException notYaml) {
      return Optional.empty();
    }
  }

  private static Change element(String name, Node node, int line) {
    Map<String, String> attributes = new LinkedHashMap<>();
    List<Change> children = new ArrayList<>();
    parts(node, attributes, children);
    return new Change(name, attributes, "", children, line);
  }

  private static void parts(Node node, Map<String, String> attributes, List<Change> children) {
    if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> listed(item, children));
    } else if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(tuple -> pair(tuple, attributes, children));
    }
  }

  /** In a list even {@code - sql: select 1} is an element. */
  private static void listed(Node item, List<Change> children) {
    if (!(item instanceof MappingNode mapping)) {
      return;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String key = name(tuple);
      children.add(tuple.getValueNode() instanceof ScalarNode scalar
          ? new Change(key, Map.of(), scalar.getValue(), List.of(), line(tuple)) : element(key, tuple.getValueNode(), line(tuple)));
    }
  }

  private static void pair(NodeTuple tuple, Map<String, String> attributes, List<Change> children) {
    String key = name(tuple);
    if (tuple.getValueNode() instanceof ScalarNode scalar) {
      attributes.put(key, scalar.getValue());
    } else {
      children.add(element(key, tuple.getValueNode(), line(tuple)));
    }
  }

  private static String name(NodeTuple tuple) {
    return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  private static int line(NodeTuple tuple) {
    return tuple.getKeyNode().getStartMark().getLine() + 1;
  }
}
