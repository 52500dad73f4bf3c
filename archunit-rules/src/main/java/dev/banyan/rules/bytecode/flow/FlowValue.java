package dev.banyan.rules.bytecode.flow;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.analysis.Value;

/**
 * What is known of a local variable or an operand.
 *
 * @param size 1, or 2 for long and double
 * @param texts the strings it may be, or that its builder holds
 * @param made the instructions that have put it together; one that comes round a second time is in a loop
 * @param site the instruction that made the builder or the array; null for others
 * @param elements of an array or a list, by index
 * @param number a constant
 * @param path the entity, and what leads on from it: {@code shop.Order#customer.name}; null for what is no entity's
 */
record FlowValue(int size, Fragments texts, Set<Object> made, @Nullable Object site, Map<Integer, FlowValue> elements,
    @Nullable Integer number, @Nullable String path) implements Value {

  /** Longer arrays are data, not parts of a statement. */
  static final int MOST_ELEMENTS = 64;

  FlowValue {
    made = Set.copyOf(made);
    elements = Map.copyOf(elements);
  }

  static FlowValue of(int size, Fragments texts) {
    return new FlowValue(size, texts, Set.of(), null, Map.of(), null, null);
  }

  static FlowValue text(Fragment fragment) {
    return of(1, Fragments.of(fragment));
  }

  static FlowValue number(int number, Origin origin) {
    return new FlowValue(1, Fragments.of(new Fragment(Integer.toString(number), origin)), Set.of(), null, Map.of(), number, null);
  }

  @Override
  public int getSize() {
    return size;
  }

  FlowValue withTexts(Fragments changed, Object by) {
    Set<Object> makers = new HashSet<>(made);
    makers.add(by);
    return new FlowValue(size, changed, makers, site, elements, null, path);
  }

  FlowValue withSite(Object newSite) {
    return new FlowValue(size, texts, made, newSite, elements, null, path);
  }

  /** Returns the value without what makes it a builder. */
  FlowValue asText() {
    return new FlowValue(1, texts, made, null, Map.of(), null, null);
  }

  FlowValue withPath(@Nullable String newPath) {
    return Objects.equals(path, newPath) ? this : new FlowValue(size, texts, made, site, elements, number, newPath);
  }

  FlowValue withElement(int index, FlowValue element) {
    Map<Integer, FlowValue> changed = new LinkedHashMap<>(elements);
    if (changed.size() < MOST_ELEMENTS) {
      changed.merge(index, element, (old, other) -> other);
    }
    return new FlowValue(size, texts, made, site, changed, null, path);
  }

  FlowValue or(FlowValue other) {
    if (equals(other)) {
      return this;
    }
    Set<Object> makers = new HashSet<>(made);
    makers.addAll(other.made);
    FlowValue merged = new FlowValue(Math.min(size, other.size), texts.or(other.texts), makers, Objects.equals(site, other.site) ? site
        : null,
        merged(other.elements), Objects.equals(number, other.number) ? number : null, Objects.equals(path, other.path) ? path : null);
    return equals(merged) ? this : merged;
  }

  private Map<Integer, FlowValue> merged(Map<Integer, FlowValue> others) {
    Map<Integer, FlowValue> merged = new LinkedHashMap<>(elements);
    others.forEach((index, element) -> merged.merge(index, element, FlowValue::or));
    return merged;
  }
}
