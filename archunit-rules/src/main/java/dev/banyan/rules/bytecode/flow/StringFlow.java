package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Text;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.ClassNode;

/**
 * The strings that classes put together, over the static fields of one another. A constant that the compiler has
 * inlined needs no other class; one that is computed ({@code String.join}, a builder) is computed here again.
 *
 * <p>Not safe for use by several threads.
 */
public final class StringFlow {

  private final Function<String, @Nullable ClassNode> classes;
  private final Map<String, Optional<ClassFlow>> done = new HashMap<>();
  private final Set<String> running = new HashSet<>();
  private final GeneratedTables tables;

  /**
   * Creates a flow over classes.
   *
   * @param classes gives a class by its internal name, or null if it is not known
   */
  public StringFlow(Function<String, @Nullable ClassNode> classes) {
    this.classes = classes;
    this.tables = new GeneratedTables(classes);
  }

  /** Returns the strings that the code of a class lets go anywhere, with the place where each begins. */
  public List<Text> texts(ClassNode node) {
    return flow(node).texts();
  }

  private ClassFlow flow(ClassNode node) {
    Optional<ClassFlow> known = done.getOrDefault(node.name, Optional.empty());
    return known.orElseGet(() -> run(node));
  }

  private ClassFlow run(ClassNode node) {
    var flow = new ClassFlow(node, new Others());
    running.add(node.name);
    flow.run();
    running.remove(node.name);
    done.put(node.name, Optional.of(flow));
    return flow;
  }

  private final class Others implements ConstantsOfOthers {

    @Override
    public Optional<FlowValue> field(String owner, String field) {
      ClassNode node = running.contains(owner) ? null : classes.apply(owner);
      return node == null ? Optional.empty() : flow(node).field(owner, field);
    }

    @Override
    public Optional<String> generatedTable(String descriptor) {
      return tables.nameOf(descriptor);
    }
  }
}
