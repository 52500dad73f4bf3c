package dev.banyan.rules.bytecode.flow;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Interpreter;

/** What each instruction makes of the strings that may be on the stack. Sizes are left to ASM's own interpreter. */
final class FlowInterpreter extends Interpreter<FlowValue> {

  private final BasicInterpreter sizes = new BasicInterpreter();
  private final MethodFlow method;

  FlowInterpreter(MethodFlow method) {
    super(Opcodes.ASM9);
    this.method = method;
  }

  @Override
  public @Nullable FlowValue newValue(@Nullable Type type) {
    return type == Type.VOID_TYPE ? null : unknown(type == null ? 1 : type.getSize());
  }

  @Override
  public FlowValue newParameterValue(boolean isInstance, int local, Type type) {
    FlowValue value = method.parameter(local, type);
    boolean builder = type.getSort() == Type.OBJECT && Builders.isBuilder(type.getInternalName());
    return builder ? value.withSite(new ForeignBuilder(local)) : value;
  }

  @Override
  public FlowValue newOperation(AbstractInsnNode instruction) throws AnalyzerException {
    Origin origin = method.origin(instruction);
    int opcode = instruction.getOpcode();
    if (opcode == Opcodes.ACONST_NULL) {
      return FlowValue.of(1, Fragments.NONE);
    } else if (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5) {
      return FlowValue.number(opcode - Opcodes.ICONST_0, origin);
    } else if (instruction instanceof IntInsnNode constant && opcode != Opcodes.NEWARRAY) {
      return FlowValue.number(constant.operand, origin);
    } else if (instruction instanceof LdcInsnNode constant && constant.cst instanceof String text) {
      return FlowValue.text(new Fragment(text, origin));
    } else if (instruction instanceof LdcInsnNode constant && constant.cst instanceof Type type) {
      return FlowValue.text(new Fragment(type.getClassName(), origin));
    } else if (instruction instanceof LdcInsnNode constant && constant.cst instanceof Integer number) {
      return FlowValue.number(number, origin);
    } else if (instruction instanceof FieldInsnNode field) {
      return method.field(field, null);
    } else if (opcode == Opcodes.NEW) {
      FlowValue made = FlowValue.text(new Fragment("", origin)).withSite(instruction);
      return method.withPath(made, Type.getObjectType(((TypeInsnNode) instruction).desc));
    }
    return unknown(sizes.newOperation(instruction).getSize());
  }

  @Override
  public FlowValue copyOperation(AbstractInsnNode instruction, FlowValue value) {
    return value;
  }

  @Override
  public @Nullable FlowValue unaryOperation(AbstractInsnNode instruction, FlowValue value) throws AnalyzerException {
    return switch (instruction.getOpcode()) {
      case Opcodes.CHECKCAST -> method.withPath(value, Type.getObjectType(((TypeInsnNode) instruction).desc));
      case Opcodes.GETFIELD -> method.field((FieldInsnNode) instruction, value);
      case Opcodes.ANEWARRAY -> unknown(1).withSite(instruction);
      default -> sized(sizes.unaryOperation(instruction, BasicValue.UNINITIALIZED_VALUE));
    };
  }

  @Override
  public @Nullable FlowValue binaryOperation(AbstractInsnNode instruction, FlowValue left, FlowValue right) throws AnalyzerException {
    if (instruction.getOpcode() == Opcodes.AALOAD && !left.elements().isEmpty()) {
      return element(left, right);
    }
    return sized(sizes.binaryOperation(instruction, BasicValue.UNINITIALIZED_VALUE, BasicValue.UNINITIALIZED_VALUE));
  }

  private static FlowValue element(FlowValue array, FlowValue index) {
    FlowValue known = index.number() == null ? null : array.elements().get(index.number());
    return known != null ? known : array.elements().values().stream().reduce(FlowValue::or).orElseThrow();
  }

  @Override
  public @Nullable FlowValue ternaryOperation(AbstractInsnNode instruction, FlowValue first, FlowValue second, FlowValue third) {
    return null;
  }

  @Override
  public @Nullable FlowValue naryOperation(AbstractInsnNode instruction, List<? extends FlowValue> values) {
    StringCalls strings = new StringCalls(method.origin(instruction));
    if (instruction instanceof InvokeDynamicInsnNode dynamic) {
      return MethodFlow.isConcatenation(dynamic) ? strings.recipe(dynamic, values) : newValue(Type.getReturnType(dynamic.desc));
    } else if (instruction instanceof MethodInsnNode call) {
      Optional<FlowValue> known = strings.call(call, values);
      FlowValue given = known.or(() -> method.returned(call)).orElseGet(() -> newValue(Type.getReturnType(call.desc)));
      return given == null ? null : method.withPath(given, call, values);
    }
    return unknown(1);
  }

  @Override
  public void returnOperation(AbstractInsnNode instruction, FlowValue value, FlowValue expected) {}

  @Override
  public FlowValue merge(FlowValue first, FlowValue second) {
    return first.or(second);
  }

  private @Nullable FlowValue sized(@Nullable BasicValue value) {
    return value == null ? null : unknown(value.getSize());
  }

  private static FlowValue unknown(int size) {
    return size == 2 ? MethodFlow.WIDE : MethodFlow.UNKNOWN;
  }
}
