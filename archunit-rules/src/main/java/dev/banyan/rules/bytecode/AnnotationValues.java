package dev.banyan.rules.bytecode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AnnotationNode;

/** An annotation and what it says, by names: its class need not be there. */
public final class AnnotationValues {

  private final String type;
  private final Map<String, Object> values = new LinkedHashMap<>();

  AnnotationValues(AnnotationNode node) {
    this.type = Type.getType(node.desc).getClassName();
    List<Object> pairs = node.values == null ? List.of() : node.values;
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      values.put(String.valueOf(pairs.get(i)), pairs.get(i + 1));
    }
  }

  /** Returns the full name of the annotation. */
  public String type() {
    return type;
  }

  /** Returns the name without its package. */
  public String simpleName() {
    return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
  }

  /** Returns the first of these that is said and not blank. */
  public Optional<String> text(String... names) {
    return Stream.of(names).flatMap(name -> texts(name).stream()).filter(text -> !text.isBlank()).findFirst();
  }

  /** Returns one text, or those of an array. */
  public List<String> texts(String name) {
    return each(name).filter(String.class::isInstance).map(String.class::cast).toList();
  }

  /** Tells whether a switch is on. */
  public boolean isSet(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  /** Returns the class that a value names. */
  public Optional<String> className(String name) {
    return each(name).filter(Type.class::isInstance).map(type -> ((Type) type).getClassName()).findFirst();
  }

  /** Returns the names of all that is said. */
  public List<String> names() {
    return List.copyOf(values.keySet());
  }

  /** Returns the annotations within a value. */
  public List<AnnotationValues> nested(String name) {
    return each(name).filter(AnnotationNode.class::isInstance).map(node -> new AnnotationValues((AnnotationNode) node)).toList();
  }

  List<AnnotationValues> nested() {
    return names().stream().flatMap(name -> nested(name).stream()).toList();
  }

  private Stream<?> each(String name) {
    Object value = values.get(name);
    return value == null ? Stream.empty() : value instanceof List<?> list ? list.stream() : Stream.of(value);
  }
}
