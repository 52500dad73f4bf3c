package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;

/** The flow of strings through one method. */
final class MethodFlow {

  static final FlowValue UNKNOWN = FlowValue.text(Fragment.hole(new Origin("", 0)));
  static final FlowValue WIDE = FlowValue.of(2, UNKNOWN.texts());

  private final ClassFlow owner;
  private final MethodNode method;
  private final String where;
  private @Nullable Boolean ofInterest;
  private final Map<AbstractInsnNode, Integer> lines = new HashMap<>();

  MethodFlow(ClassFlow owner, MethodNode method, String where) {
    this.owner = owner;
    this.method = method;
    this.where = where;
    int line = 0;
    for (AbstractInsnNode instruction : method.instructions) {
      line = instruction instanceof LineNumberNode number ? number.line : line;
      lines.put(instruction, line);
    }
  }

  static boolean isConcatenation(InvokeDynamicInsnNode dynamic) {
    return dynamic.bsm.getOwner().equals("java/lang/invoke/StringConcatFactory");
  }

  /** Runs the analysis and tells the class what goes where. */
  void run() {
    if (ofInterest == null) {
      ofInterest = method.instructions.size() > 0 && isOfInterest();
    }
    if (!ofInterest) {
      return;
    }
    Consumption consumption = new Consumption(owner, this, method);
    try {
      Frame<FlowValue>[] frames = analyzer().analyze(owner.name(), method);
      for (int i = 0; i < frames.length; i++) {
        if (frames[i] != null) {
          consumption.at(method.instructions.get(i), frames[i]);
        }
      }
    } catch (AnalyzerException | RuntimeException notAnalysed) {
      // Nothing is dropped: without the flow, each constant stands for itself, and the coverage says so.
      constants().forEach(owner::guess);
      owner.consume(new Fragment("its instructions cannot be followed (%s)".formatted(notAnalysed.getClass().getSimpleName()), new Origin(where, 0)),
          Meaning.NOT_FOLLOWED);
    }
  }

  private Analyzer<FlowValue> analyzer() {
    return new Analyzer<>(new FlowInterpreter(this)) {
      @Override
      protected Frame<FlowValue> newFrame(int locals, int stack) {
        return new FlowFrame(locals, stack, MethodFlow.this);
      }

      @Override
      protected Frame<FlowValue> newFrame(Frame<? extends FlowValue> frame) {
        return new FlowFrame((FlowFrame) frame);
      }
    };
  }

  /** Most methods of a code base neither hold a string nor call what takes SQL. */
  private boolean isOfInterest() {
    if (owner.isProvider(method)) {
      return true;
    }
    for (AbstractInsnNode instruction : method.instructions) {
      boolean text = instruction instanceof LdcInsnNode constant && constant.cst instanceof String;
      boolean dynamic = instruction instanceof InvokeDynamicInsnNode;
      boolean sink = instruction instanceof MethodInsnNode call
          && (owner.meaning(call).isPresent() || Sinks.meaningOfClass(call.owner, call.name).isPresent());
      boolean texts = instruction instanceof FieldInsnNode field
          && (field.desc.equals("Ljava/lang/String;") || owner.generatedTable(field.desc).isPresent());
      boolean entity = owner.entities().isPresent() && instruction instanceof MethodInsnNode call
          && (EntityValues.isStep(call) || Sinks.meaningOfObject(call.owner, call.name).isPresent())
          || instruction instanceof FieldInsnNode each && generatedEntity(each).isPresent();
      boolean maker = instruction instanceof MethodInsnNode call && !call.owner.equals(owner.name())
          && (owner.makesStatements(call) || !owner.handsOn(call).isEmpty());
      if (text || dynamic || sink || texts || entity || maker || !owner.generated(instruction).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private List<Fragment> constants() {
    StringCalls strings = new StringCalls(new Origin(where, 0));
    List<Fragment> constants = new ArrayList<>();
    for (AbstractInsnNode instruction : method.instructions) {
      if (instruction instanceof LdcInsnNode constant && constant.cst instanceof String text) {
        constants.add(new Fragment(text, origin(instruction)));
      } else if (instruction instanceof InvokeDynamicInsnNode dynamic && isConcatenation(dynamic)) {
        int arguments = Type.getArgumentTypes(dynamic.desc).length;
        constants.addAll(strings.recipe(dynamic, Collections.nCopies(arguments, UNKNOWN)).texts().at(origin(dynamic)).all());
      }
    }
    return constants;
  }

  Origin origin(AbstractInsnNode instruction) {
    return new Origin(where, lines.getOrDefault(instruction, 0));
  }

  /** Returns the entity whose generated class of Querydsl's a static field holds. */
  Optional<String> generatedEntity(FieldInsnNode field) {
    return field.getOpcode() == Opcodes.GETSTATIC && field.desc.startsWith("L")
        ? owner.entities().flatMap(entities -> entities.generatedFor(field.desc.substring(1, field.desc.length() - 1))) : Optional.empty();
  }

  FlowValue field(FieldInsnNode field, @Nullable FlowValue holder) {
    FlowValue value = generatedEntity(field).map(entity -> FlowValue.text(new Fragment(entity, origin(field)))).orElseGet(() -> field(field));
    return owner.entities().map(entities -> entities.ofField(field, holder)).map(value::withPath).orElse(value);
  }

  /** Returns a value with the path that a call leads to. */
  FlowValue withPath(FlowValue value, MethodInsnNode call, List<? extends FlowValue> values) {
    return owner.entities().map(entities -> entities.ofCall(call, values)).map(value::withPath).orElse(value);
  }

  /** Returns a value with the path of its type. */
  FlowValue withPath(FlowValue value, Type type) {
    return owner.entities().map(entities -> entities.ofType(type)).map(value::withPath).orElse(value);
  }

  private FlowValue field(FieldInsnNode field) {
    Optional<String> table = owner.generatedTable(field.desc);
    if (table.isPresent()) {
      return FlowValue.text(new Fragment(table.get(), origin(field)));
    }
    Optional<FlowValue> known = owner.field(field.owner, field.name);
    boolean own = field.owner.equals(owner.name());
    if (own && field.desc.startsWith("L") && Builders.isBuilder(field.desc.substring(1, field.desc.length() - 1))) {
      // What is appended here, another method may go on with.
      return known.orElse(UNKNOWN).withSite(new ForeignBuilder(field.name));
    }
    if (own && field.desc.startsWith("L") && SimpleJdbc.isOfLibrary(field.desc.substring(1))) {
      // It is the same object, but what other lines tell it is not followed over the field.
      return known.map(FlowValue::asText).orElse(UNKNOWN);
    }
    return known.map(value -> own ? value : FlowValue.of(1, value.texts().at(origin(field))))
        .orElse(Type.getType(field.desc).getSize() == 2 ? WIDE : UNKNOWN);
  }

  Optional<FlowValue> returned(MethodInsnNode call) {
    Optional<FlowValue> value = owner.returned(call);
    return owner.declares(call) ? value : value.map(given -> owner.cameFrom(call.owner, given.texts().at(origin(call))));
  }

  /** Returns what the class itself passes in; from a method that others may call, anything may come as well. */
  FlowValue parameter(int local, Type type) {
    FlowValue value = withPath(passed(local, type), type);
    return value.path() == null && owner.entities().isPresent() ? value.withPath(EntityValues.ofVariable(method, local)) : value;
  }

  private FlowValue passed(int local, Type type) {
    int index = (method.access & Opcodes.ACC_STATIC) == 0 ? 1 : 0;
    int parameter = 0;
    for (Type each : Type.getArgumentTypes(method.desc)) {
      if (index == local) {
        return owner.parameter(method, parameter).orElse(type.getSize() == 2 ? WIDE : UNKNOWN);
      }
      index += each.getSize();
      parameter++;
    }
    return UNKNOWN;
  }
}
