package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/** Where the strings of one method end: in calls, fields and results. */
final class Consumption {

  private static final Set<String> TEXTS = Set.of("Ljava/lang/String;", "[Ljava/lang/String;", "Lorg/jooq/Name;");

  private static final Pattern QUALIFIED = Pattern.compile("[\"`]?\\w+[\"`]?\\.[\"`]?\\w+[\"`]?");

  private final ClassFlow owner;
  private final MethodFlow flow;
  private final MethodNode method;
  private final EntityConsumption entities;

  Consumption(ClassFlow owner, MethodFlow flow, MethodNode method) {
    this.owner = owner;
    this.flow = flow;
    this.method = method;
    this.entities = new EntityConsumption(owner, flow);
  }

  void at(AbstractInsnNode instruction, Frame<FlowValue> frame) {
    owner.generated(instruction).forEach(each -> owner.consume(new Fragment(each.name(), flow.origin(instruction)), each.meaning()));
    if (instruction instanceof InvokeDynamicInsnNode dynamic) {
      dynamic(dynamic, frame);
    } else if (instruction instanceof MethodInsnNode call) {
      call(call, frame);
    } else if (instruction.getOpcode() == Opcodes.GETSTATIC && instruction instanceof FieldInsnNode field) {
      owner.generatedTable(field.desc).ifPresent(table -> owner.consume(new Fragment(table, flow.origin(field)), Meaning.TABLE_READ));
      entities.field(field, MethodFlow.UNKNOWN);
    } else if (instruction.getOpcode() == Opcodes.GETFIELD) {
      entities.field((FieldInsnNode) instruction, top(frame, 1));
    } else if (instruction.getOpcode() == Opcodes.AASTORE) {
      guess(top(frame, 1));
    } else if (instruction.getOpcode() == Opcodes.ARETURN) {
      FlowValue value = top(frame, 1);
      owner.returns(method.name + method.desc, value);
      returned(instruction, value);
    } else if (instruction.getOpcode() == Opcodes.PUTFIELD || instruction.getOpcode() == Opcodes.PUTSTATIC) {
      FieldInsnNode field = (FieldInsnNode) instruction;
      FlowValue value = top(frame, 1);
      owner.puts(field.owner, field.name, value);
      guess(value);
    }
  }

  /** What MyBatis' own builder has put together was told to it piece by piece. */
  private void returned(AbstractInsnNode instruction, FlowValue value) {
    if (!owner.isProvider(method) || makesBuilder()) {
      guess(value);
    } else {
      take(instruction, value, Meaning.SQL);
    }
  }

  private boolean makesBuilder() {
    return Arrays.stream(method.instructions.toArray()).anyMatch(each -> each.getOpcode() == Opcodes.NEW
        && Sinks.isBuilder(owner.declaring(((TypeInsnNode) each).desc, "toString", "()")));
  }

  private void dynamic(InvokeDynamicInsnNode dynamic, Frame<FlowValue> frame) {
    if (MethodFlow.isConcatenation(dynamic)) {
      return;
    }
    List<FlowValue> captured = arguments(dynamic.desc, frame);
    captured.forEach(this::guess);
    entities.handle(dynamic);
    handle(dynamic);
    if (dynamic.bsmArgs.length > 1 && dynamic.bsmArgs[1] instanceof Handle body && body.getOwner().equals(owner.name())) {
      boolean instance = body.getTag() != Opcodes.H_INVOKESTATIC && !captured.isEmpty();
      owner.passes(body.getName() + body.getDesc(), instance ? captured.subList(1, captured.size()) : captured);
    }
  }

  /** {@code statements.forEach(jdbc::execute)}: what a place that takes SQL is handed in this way is seen by nobody. */
  private void handle(InvokeDynamicInsnNode dynamic) {
    if (dynamic.bsmArgs.length > 1 && dynamic.bsmArgs[1] instanceof Handle body
        && Arrays.stream(Type.getArgumentTypes(body.getDesc())).anyMatch(Consumption::isText)) {
      owner.meaning(body.getOwner(), body.getName(), body.getDesc()).ifPresent(meaning -> owner.consume(Fragment.hole(flow.origin(dynamic)), meaning));
    }
  }

  private void call(MethodInsnNode call, Frame<FlowValue> frame) {
    List<FlowValue> arguments = arguments(call.desc, frame);
    if (Builders.isBuilder(call.owner)) {
      foreignBuilder(call, frame, arguments);
    } else if (!call.owner.equals("java/lang/String") && !Sinks.isMessage(call.owner, call.name)) {
      writtenTable(call, arguments);
      entity(call, arguments);
      if (owner.entities().isPresent()) {
        entities.call(call, withReceiver(call, frame, arguments), arguments);
      }
      List<FlowValue> named = named(call, frame, arguments);
      owner.meaning(call).ifPresentOrElse(meaning -> sink(call, meaning, named), () -> {
        toldTable(call, arguments);
        handedOn(call, named);
      });
    }
    if (StringCalls.losesText(call)) {
      guess(top(frame, arguments.size() + 1));
    }
    owner.passesOn(call, arguments, flow.origin(call));
    if (call.owner.equals(owner.name())) {
      owner.passes(call.name + call.desc, arguments);
    }
  }

  /** A name with a schema is a table's where a method is called so; without one it is the library's default schema's. */
  private void toldTable(MethodInsnNode call, List<FlowValue> arguments) {
    if (Sinks.takesTable(call.name) && call.desc.startsWith("(Ljava/lang/String;)")) {
      arguments.get(0).texts().all().stream().filter(text -> QUALIFIED.matcher(text.text()).matches()).forEach(text -> owner.consume(text, Meaning.TABLE_WRITE));
    }
  }

  /** What Spring's simple JDBC has been told of a name goes before this piece of it, or behind. */
  private List<FlowValue> named(MethodInsnNode call, Frame<FlowValue> frame, List<FlowValue> arguments) {
    if (!SimpleJdbc.isNaming(call)) {
      return arguments;
    }
    SimpleJdbc step = new SimpleJdbc(call, flow.origin(call));
    FlowValue object = top(frame, arguments.size() + 1);
    Optional<FlowValue> name = step.named(object, arguments);
    step.ofObjectFromElsewhere(object, arguments).filter(schema -> name.isEmpty()).ifPresent(schema -> take(call, schema, step.meaning()));
    name.filter(whole -> owner.meaning(call).isEmpty()).ifPresent(whole -> take(call, whole, step.meaning()));
    return name.map(List::of).orElse(arguments);
  }

  /** A helper of the code base that hands a statement on takes it for what it is; all else may be one. */
  private void handedOn(MethodInsnNode call, List<FlowValue> arguments) {
    Map<Integer, Meaning> meanings = arguments.stream().anyMatch(Consumption::isKnown) ? owner.handsOn(call) : Map.of();
    for (int i = 0; i < arguments.size(); i++) {
      Meaning meaning = meanings.get(i);
      if (meaning == null || owner.givesBack(arguments.get(i), call)) {
        guess(arguments.get(i));
      } else {
        take(call, arguments.get(i), meaning);
      }
    }
  }

  private static boolean isKnown(FlowValue value) {
    return value.texts().isKnown() || !value.elements().isEmpty();
  }

  /** jOOQ's {@code insertInto(ACCOUNT)} and the like. */
  private void writtenTable(MethodInsnNode call, List<FlowValue> arguments) {
    if (Sinks.writesTable(call.owner, call.name) && !arguments.isEmpty() && (call.desc.startsWith("(Lorg/jooq/Table") || call.desc.startsWith("(Lcom/querydsl/sql/RelationalPath"))) {
      arguments.get(0).texts().all().stream().filter(table -> !table.isHole()).forEach(table -> owner.consume(table, Meaning.TABLE_WRITE));
    }
  }

  /** {@code find(Account.class, id)}. */
  private void entity(MethodInsnNode call, List<FlowValue> arguments) {
    int index = Arrays.asList(Type.getArgumentTypes(call.desc)).indexOf(Type.getType(Class.class));
    Optional<Meaning> meaning = index < 0 ? Optional.empty() : Sinks.meaningOfClass(call.owner, call.name);
    meaning.ifPresent(each -> take(call, arguments.get(index), each));
  }

  private void foreignBuilder(MethodInsnNode call, Frame<FlowValue> frame, List<FlowValue> arguments) {
    FlowValue builder = top(frame, arguments.size() + 1);
    if (builder.site() instanceof ForeignBuilder) {
      guess(Builders.after(call, builder, arguments, flow.origin(call)));
    }
  }

  private void sink(MethodInsnNode call, Meaning meaning, List<FlowValue> arguments) {
    Type[] types = Type.getArgumentTypes(call.desc);
    boolean taken = false;
    for (int i = 0; i < types.length; i++) {
      boolean text = isText(types[i]);
      if (text && !taken) {
        taken = true;
        take(call, arguments.get(i), meaning);
      } else {
        guess(arguments.get(i));
      }
    }
  }

  private static boolean isText(Type type) {
    return TEXTS.contains(type.getDescriptor());
  }

  private void take(AbstractInsnNode call, FlowValue value, Meaning meaning) {
    if (!value.elements().isEmpty()) {
      value.elements().values().forEach(element -> take(call, element, meaning));
      return;
    }
    for (Fragment fragment : value.texts().all()) {
      owner.consume(fragment.isHole() ? Fragment.hole(flow.origin(call)) : fragment, meaning);
    }
  }

  private void guess(FlowValue value) {
    value.texts().all().forEach(owner::guess);
    value.elements().values().forEach(this::guess);
  }

  private static List<FlowValue> withReceiver(MethodInsnNode call, Frame<FlowValue> frame, List<FlowValue> arguments) {
    List<FlowValue> all = new ArrayList<>(arguments);
    if (call.getOpcode() != Opcodes.INVOKESTATIC) {
      all.add(0, top(frame, arguments.size() + 1));
    }
    return all;
  }

  private static List<FlowValue> arguments(String descriptor, Frame<FlowValue> frame) {
    int count = Type.getArgumentTypes(descriptor).length;
    List<FlowValue> arguments = new ArrayList<>();
    for (int i = count; i > 0; i--) {
      arguments.add(top(frame, i));
    }
    return arguments;
  }

  private static FlowValue top(Frame<FlowValue> frame, int depth) {
    return frame.getStack(frame.getStackSize() - depth);
  }
}
