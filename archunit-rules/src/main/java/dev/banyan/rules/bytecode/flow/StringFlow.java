package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import dev.banyan.rules.bytecode.Providers;
import dev.banyan.rules.bytecode.Text;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
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
  private static final Type TEXT = Type.getType(String.class);
  private static final Set<Meaning> HANDED_ON = EnumSet.of(Meaning.SQL, Meaning.JPQL, Meaning.SCHEMA, Meaning.NAMED, Meaning.ROUTINE, Meaning.SEQUENCE);

  private final Map<String, Optional<ClassFlow>> done = new HashMap<>();
  private final Set<String> running = new HashSet<>();
  private final GeneratedTables tables;
  private final GeneratedObjects objects;
  private final StatementMakers makers;
  private final EntityValues entities;
  private final Providers providers;

  /**
   * Creates a flow over classes.
   *
   * @param classes by their internal names
   * @param entities the internal names of those that are entities
   * @param providers the methods that give statements back
   */
  public StringFlow(Map<String, ClassNode> classes, Set<String> entities, Providers providers) {
    this.providers = providers;
    this.tables = new GeneratedTables(classes::get);
    this.objects = new GeneratedObjects(classes::get, tables);
    this.makers = new StatementMakers(classes);
    this.entities = new EntityValues(classes::get, entities);
  }

  /** Returns the strings that the code of a class lets go anywhere, with the place where each begins. */
  public List<Text> texts(ClassNode node) {
    ClassFlow flow = flow(node);
    List<Text> texts = new ArrayList<>(flow.texts());
    flow.passedOn().forEach(passed -> texts.addAll(made(passed)));
    makers.above(node).forEach(above -> texts.addAll(completed(above, flow)));
    return texts;
  }

  /** Returns what a class above makes of the results of methods that this one overrides: {@code protected String table()}. */
  private List<Text> completed(ClassNode above, ClassFlow flow) {
    Map<String, FlowValue> results = flow.overriding(above);
    if (results.isEmpty() || running.contains(above.name)) {
      return List.of();
    }
    Origin origin = results.values().iterator().next().texts().all().get(0).origin();
    Map<String, FlowValue> marked = new HashMap<>();
    results.forEach((method, value) -> marked.put(method, PassedOn.marked(value, origin)));
    return run(new ClassFlow(above, new Others(), marked)).texts().stream().filter(StringFlow::isMadeOfMore)
        .map(text -> text(text, origin)).toList();
  }

  private static Text text(Text made, Origin origin) {
    return new Text(Marks.removed(made.value()), origin.where(), origin.line(), made.meaning(), Optional.of(Marks.withHoles(made.value())),
        Optional.empty());
  }

  /** Returns what another class makes of the strings that it is given, or a third one that it gives them to. */
  private List<Text> made(PassedOn passed) {
    ClassNode node = makers.declaring(passed.call());
    if (node == null || running.contains(node.name) || running.size() > DEEPEST) {
      return List.of();
    }
    ClassFlow flow = run(new ClassFlow(node, new Others(), passed));
    List<Text> texts = new ArrayList<>();
    flow.texts().stream().filter(StringFlow::isMadeOfMore).map(text -> text(text, passed.origin())).forEach(texts::add);
    flow.passedOn().stream().filter(PassedOn::isMarked).forEach(each -> texts.addAll(made(each.further(passed.origin()))));
    return texts;
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
    ClassFlow flow = run(new ClassFlow(node, new Others()));
    done.put(node.name, Optional.of(flow));
    return flow;
  }

  private ClassFlow run(ClassFlow flow) {
    boolean first = running.add(flow.name());
    flow.run();
    if (first) {
      running.remove(flow.name());
    }
    return flow;
  }

  /** Returns what becomes of the parameters of a method, each by itself. */
  private Map<Integer, Meaning> handedOn(ClassNode node, MethodInsnNode call) {
    Map<Integer, Meaning> found = new HashMap<>();
    if (running.size() > DEEPEST) {
      return found;
    }
    List<FlowValue> arguments = new ArrayList<>();
    for (Type type : Type.getArgumentTypes(call.desc)) {
      Fragment name = new Fragment("parameter" + arguments.size(), new Origin("", 0));
      arguments.add(type.equals(TEXT) ? FlowValue.text(name) : type.getSize() == 2 ? MethodFlow.WIDE : MethodFlow.UNKNOWN);
    }
    run(new ClassFlow(node, new Others(), new PassedOn(call, arguments, new Origin("", 0), false))).texts().stream()
        .filter(text -> HANDED_ON.contains(text.meaning()) && Marks.isWhole(text.value()))
        .forEach(text -> found.put(Integer.parseInt(Marks.removed(text.value()).replaceAll("\\D", "")), text.meaning()));
    return found;
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
      ClassNode node = makers.declaringField(owner, field);
      return node == null || running.contains(node.name) || running.size() > DEEPEST ? Optional.empty() : flow(node).field(node.name, field);
    }

    @Override
    public Map<Integer, Meaning> handsOn(MethodInsnNode call) {
      return makers.handsOn(call, StringFlow.this::handedOn);
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
    public List<GeneratedObjects.Named> generated(AbstractInsnNode instruction) {
      return objects.namedBy(instruction);
    }

    @Override
    public boolean isProvider(String owner, String method) {
      return providers.isProvider(owner, method);
    }

    @Override
    public EntityValues entities() {
      return entities;
    }
  }
}
