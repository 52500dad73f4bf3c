package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import dev.banyan.rules.bytecode.Members;
import dev.banyan.rules.bytecode.Text;
import dev.banyan.rules.sql.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The flow of strings through one class: through its locals, fields, parameters, results and lambdas.
 *
 * <p>The methods are gone through again until nothing new is passed between them, at most {@link #ROUNDS} times.
 */
final class ClassFlow {

  private static final int ROUNDS = 4;

  private static final Set<String> GENERATED = Set.of("Keys", "Tables", "Indexes", "Sequences", "Routines");

  private final ClassNode node;
  private final boolean isGenerated;
  private final ConstantsOfOthers others;
  private final Map<String, FlowValue> fields = new HashMap<>();
  private final Map<String, FlowValue> parameters = new HashMap<>();
  private final Map<String, FlowValue> results = new HashMap<>();
  private final Map<Fragment, Meaning> consumed = new LinkedHashMap<>();
  private final Map<MethodInsnNode, PassedOn> passedOn = new LinkedHashMap<>();
  private final Map<Fragment, String> homes = new HashMap<>();
  private final Map<String, FlowValue> given = new HashMap<>();
  private final Map<String, FlowValue> overriding = new HashMap<>();
  private boolean changed;

  ClassFlow(ClassNode node, ConstantsOfOthers others) {
    this.node = node;
    this.others = others;
    this.isGenerated = EntityValues.isGenerated(node) || node.superName != null && (node.superName.startsWith("org/jooq/impl/") || node.superName.startsWith("com/querydsl/sql/"))
        || GENERATED.contains(node.name.substring(node.name.lastIndexOf('/') + 1));
  }

  /** Creates a flow in which one method gets just these strings. */
  ClassFlow(ClassNode node, ConstantsOfOthers others, PassedOn passed) {
    this(node, others);
    for (int i = 0; i < passed.arguments().size(); i++) {
      given.put(passed.call().name + passed.call().desc + "#" + i, passed.marked(i));
    }
  }

  /** Creates a flow in which some methods give back just these strings: those of a class below. */
  ClassFlow(ClassNode node, ConstantsOfOthers others, Map<String, FlowValue> overriding) {
    this(node, others);
    this.overriding.putAll(overriding);
  }

  /** Returns what the methods of this class give back that override one of a class above, where that is known. */
  Map<String, FlowValue> overriding(ClassNode above) {
    Map<String, FlowValue> found = new LinkedHashMap<>();
    above.methods.stream().filter(method -> method.desc.endsWith(")Ljava/lang/String;") && (method.access & Opcodes.ACC_STATIC) == 0)
        .map(method -> method.name + method.desc).forEach(key -> returned(key).ifPresent(value -> found.put(key, value)));
    return found;
  }

  String name() {
    return node.name;
  }

  void run() {
    List<MethodFlow> methods = new ArrayList<>();
    node.methods.forEach(method -> methods.add(new MethodFlow(this, method, Members.describe(node, method))));
    for (int round = 0; round == 0 || changed && round < ROUNDS; round++) {
      changed = false;
      consumed.clear();
      methods.forEach(MethodFlow::run);
    }
  }

  /** Returns the texts; of those that begin at one place, the longest stands for its beginnings. */
  List<Text> texts() {
    Map<Origin, List<Fragment>> byOrigin = new HashMap<>();
    consumed.keySet().forEach(fragment -> byOrigin.computeIfAbsent(fragment.origin(), origin -> new ArrayList<>()).add(fragment));
    return consumed.entrySet().stream()
        .filter(each -> byOrigin.getOrDefault(each.getKey().origin(), List.of()).stream().noneMatch(each.getKey()::begins))
        .map(each -> new Text(each.getKey().text(), each.getKey().origin().where(), each.getKey().origin().line(), each.getValue(),
            Optional.empty(), Optional.ofNullable(homes.get(each.getKey())))).toList();
  }

  void guess(Fragment fragment) {
    if (!fragment.isHole() && !fragment.text().isBlank()) {
      consume(fragment, Meaning.GUESS);
    }
  }

  void consume(Fragment fragment, Meaning meaning) {
    consumed.merge(fragment, meaning, (a, b) -> a.compareTo(b) >= 0 ? a : b);
  }

  void puts(String owner, String field, FlowValue value) {
    if (owner.equals(node.name)) {
      add(fields, field, value);
    }
  }

  void returns(String method, FlowValue value) {
    add(results, method, value);
  }

  void passes(String method, List<FlowValue> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      add(parameters, method + "#" + i, arguments.get(i));
    }
  }

  private void add(Map<String, FlowValue> values, String key, FlowValue value) {
    FlowValue before = values.get(key);
    FlowValue after = before == null ? value : before.or(value);
    if (!after.equals(before)) {
      values.put(key, after);
      changed = true;
    }
  }

  Optional<FlowValue> field(String owner, String field) {
    return owner.equals(node.name) && node.fields.stream().anyMatch(each -> each.name.equals(field))
        ? Optional.ofNullable(fields.get(field)).filter(value -> value.texts().isKnown() || !value.elements().isEmpty())
        : others.field(owner, field);
  }

  /** Returns the table of a generated class, unless this is generated code itself. */
  Optional<String> generatedTable(String descriptor) {
    return isGenerated ? Optional.empty() : others.generatedTable(descriptor);
  }

  /** Returns what an instruction names of other generated classes, unless this is generated code itself. */
  List<GeneratedObjects.Named> generated(AbstractInsnNode instruction) {
    return isGenerated ? List.of() : others.generated(instruction);
  }

  /** Tells whether what a method gives back is a statement. */
  boolean isProvider(MethodNode method) {
    return others.isProvider(node.name, method.name);
  }

  /** Returns what is known of entities; nothing of what a generated class does with them. */
  Optional<EntityValues> entities() {
    return isGenerated || others.entities().isEmpty() ? Optional.empty() : Optional.of(others.entities());
  }

  /** Tells whether the called method stands in this class; one that it inherits does not. */
  boolean declares(MethodInsnNode call) {
    return call.owner.equals(node.name) && node.methods.stream().anyMatch(m -> m.name.equals(call.name) && m.desc.equals(call.desc));
  }

  Optional<FlowValue> returned(MethodInsnNode call) {
    return declares(call) ? returned(call.name + call.desc) : others.returned(call);
  }

  Optional<FlowValue> returned(String method) {
    if (overriding.containsKey(method)) {
      return Optional.ofNullable(overriding.get(method));
    }
    return Optional.ofNullable(results.get(method)).filter(value -> value.texts().isKnown());
  }

  /** Notes where strings were given back from, and returns them. */
  FlowValue cameFrom(String home, Fragments texts) {
    texts.all().forEach(text -> homes.put(text, home.replace('/', '.')));
    return FlowValue.of(1, texts);
  }

  /** Tells whether a call hands a statement back to the package that it came from: that one sends its own. */
  boolean givesBack(FlowValue value, MethodInsnNode call) {
    return value.texts().all().stream().map(homes::get)
        .anyMatch(home -> home != null && packageOf(home).equals(packageOf(call.owner.replace('/', '.'))));
  }

  private static String packageOf(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  /** Returns what a call's method takes its first string for; that of a library counts where a subclass is called. */
  Optional<Meaning> meaning(MethodInsnNode call) {
    return meaning(call.owner, call.name, call.desc);
  }

  /** Returns what a method takes its first string for. */
  Optional<Meaning> meaning(String type, String method, String descriptor) {
    return method.equals("<init>") ? Sinks.meaning(type, method) : Sinks.meaning(others.declaring(type, method, descriptor), method);
  }

  /** Returns the class that declares a method, or the library's above it. */
  String declaring(String type, String method, String descriptor) {
    return others.declaring(type, method, descriptor);
  }

  /** Returns what another class's method takes its strings for, by the index of the parameter: it hands them on as they are. */
  Map<Integer, Meaning> handsOn(MethodInsnNode call) {
    return declares(call) ? Map.of() : others.handsOn(call);
  }

  boolean makesStatements(MethodInsnNode call) {
    return others.makesStatements(call);
  }

  /** Notes strings that go to a method of another class, which may make a statement of them. */
  void passesOn(MethodInsnNode call, List<FlowValue> arguments, Origin origin) {
    if (arguments.stream().anyMatch(value -> value.texts().isKnown()) && !declares(call) && others.makesStatements(call)) {
      passedOn.put(call, new PassedOn(call, arguments, origin, false));
    }
  }

  List<PassedOn> passedOn() {
    return List.copyOf(passedOn.values());
  }

  Optional<FlowValue> parameter(MethodNode method, int index) {
    String key = method.name + method.desc + "#" + index;
    if (given.containsKey(key)) {
      return Optional.ofNullable(given.get(key));
    }
    Optional<FlowValue> passed = Optional.ofNullable(parameters.get(key));
    boolean closed = (method.access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC)) != 0;
    return closed ? passed : passed.map(value -> value.or(FlowValue.text(new Fragment(TableName.HOLE, new Origin("", 0)))));
  }
}
