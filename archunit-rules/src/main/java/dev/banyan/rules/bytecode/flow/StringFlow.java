package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import dev.banyan.rules.bytecode.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * The strings that classes put together, over the static fields and the results of one another. A constant that the compiler
 * has inlined needs no other class; one that is computed ({@code String.join}, a builder) is computed here again. What a class
 * hands to another one that holds the rest of the statement is followed there, for each call alone; the statement is the caller's
 * as far as it names a table that the other one does not.
 *
 * <p>Not safe for use by several threads.
 */
public final class StringFlow {

  /** A chain of classes that ask each other; further ones are not asked, and what they would say is a hole. */
  private static final int DEEPEST = 24;

  private final Function<String, @Nullable ClassNode> classes;
  private final Map<String, Optional<ClassFlow>> done = new HashMap<>();
  private final Set<String> running = new HashSet<>();
  private final GeneratedTables tables;
  private final StatementMakers makers;
  private final EntityValues entities;

  /**
   * Creates a flow over classes.
   *
   * @param classes gives a class by its internal name, or null if it is not known
   * @param entities the internal names of those that are entities
   */
  public StringFlow(Function<String, @Nullable ClassNode> classes, Set<String> entities) {
    this.classes = classes;
    this.tables = new GeneratedTables(classes);
    this.makers = new StatementMakers(classes);
    this.entities = new EntityValues(classes, entities);
  }

  /** Returns the strings that the code of a class lets go anywhere, with the place where each begins. */
  public List<Text> texts(ClassNode node) {
    ClassFlow flow = flow(node);
    List<Text> texts = new ArrayList<>(flow.texts());
    flow.passedOn().forEach(passed -> texts.addAll(made(passed)));
    return texts;
  }

  /** Returns what another class makes of the strings that it is given; what the caller had whole is known from there. */
  private List<Text> made(PassedOn passed) {
    ClassNode node = makers.declaring(passed.call());
    if (node == null || running.contains(node.name)) {
      return List.of();
    }
    var flow = new ClassFlow(node, new Others(), passed);
    running.add(node.name);
    flow.run();
    running.remove(node.name);
    return flow.texts().stream().filter(StringFlow::isMadeOfMore)
        .map(text -> new Text(Marks.removed(text.value()), passed.origin().where(), passed.origin().line(), text.meaning(),
            Optional.of(Marks.withHoles(text.value())), Optional.empty())).toList();
  }

  /** A name alone becomes a table's only where it goes to. */
  private static boolean isMadeOfMore(Text text) {
    boolean name = text.meaning() == Meaning.TABLE_READ || text.meaning() == Meaning.TABLE_WRITE;
    return Marks.areIn(text.value()) && (name || !Marks.isWhole(text.value()));
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

  /** Tells whether no subclass can give back anything else. */
  private static boolean isFixed(ClassNode node, MethodInsnNode call) {
    int fixed = Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_PRIVATE;
    return (node.access & Opcodes.ACC_FINAL) != 0 || node.methods.stream()
        .anyMatch(method -> method.name.equals(call.name) && method.desc.equals(call.desc) && (method.access & fixed) != 0);
  }

  private final class Others implements ConstantsOfOthers {

    @Override
    public Optional<FlowValue> field(String owner, String field) {
      ClassNode node = running.contains(owner) ? null : classes.apply(owner);
      return node == null ? Optional.empty() : flow(node).field(owner, field);
    }

    @Override
    public Optional<FlowValue> returned(MethodInsnNode call) {
      if (!call.desc.endsWith(")Ljava/lang/String;")) {
        return Optional.empty();
      }
      ClassNode node = makers.declaring(call);
      return node == null || running.contains(node.name) || running.size() > DEEPEST ? Optional.empty()
          : flow(node).returned(call.name + call.desc).map(value -> isFixed(node, call) ? value : value.or(MethodFlow.UNKNOWN));
    }

    @Override
    public boolean makesStatements(MethodInsnNode call) {
      return makers.isMaker(call);
    }

    @Override
    public String declaring(String owner, String method, String descriptor) {
      return makers.declaring(owner, method, descriptor);
    }

    @Override
    public Optional<String> generatedTable(String descriptor) {
      return tables.nameOf(descriptor);
    }

    @Override
    public EntityValues entities() {
      return entities;
    }
  }
}
