package dev.banyan.rules.migration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An element of a Liquibase changelog, whatever it is written in.
 *
 * @param name the element, such as {@code createTable}
 * @param attributes what it says
 * @param text what stands in it
 * @param children the elements in it
 * @param line where it begins, from 1
 */
record Change(String name, Map<String, String> attributes, String text, List<Change> children, int line) {

  Change {
    attributes = Map.copyOf(attributes);
    children = List.copyOf(children);
  }

  Optional<String> said(String attribute) {
    return Optional.ofNullable(attributes.get(attribute)).filter(value -> !value.isBlank());
  }

  /** Returns this with all values changed. */
  Change with(UnaryOperator<String> values) {
    Map<String, String> changed = new LinkedHashMap<>();
    attributes.forEach((key, value) -> changed.put(key, values.apply(value)));
    return new Change(name, changed, values.apply(text), children.stream().map(child -> child.with(values)).toList(), line);
  }
}
