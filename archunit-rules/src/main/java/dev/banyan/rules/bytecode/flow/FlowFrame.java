package dev.banyan.rules.bytecode.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.Interpreter;

/** A frame in which a builder or an array changes wherever it is referred to. */
final class FlowFrame extends Frame<FlowValue> {

  private static final Set<String> LISTS = Set.of("java/util/List", "java/util/Collection", "java/util/ArrayList", "java/util/LinkedList");

  private final MethodFlow method;

  FlowFrame(int locals, int stack, MethodFlow method) {
    super(locals, stack);
    this.method = method;
  }

  FlowFrame(FlowFrame frame) {
    super(frame);
    this.method = frame.method;
  }

  @Override
  public void execute(AbstractInsnNode instruction, Interpreter<FlowValue> interpreter) throws AnalyzerException {
    if (instruction instanceof MethodInsnNode call && Builders.isBuilder(call.owner) && instruction.getOpcode() != Opcodes.INVOKESTATIC) {
      builder(call, interpreter);
    } else if (instruction instanceof MethodInsnNode call && SimpleJdbc.isNaming(call)) {
      named(call, interpreter);
    } else if (instruction instanceof MethodInsnNode call && isAddition(call)) {
      added(call, interpreter);
    } else if (instruction.getOpcode() == Opcodes.AASTORE) {
      store(instruction, interpreter);
    } else {
      super.execute(instruction, interpreter);
    }
  }

  /** Both ways of saying a name change the object itself, and one gives it back as well. */
  private void named(MethodInsnNode call, Interpreter<FlowValue> interpreter) throws AnalyzerException {
    List<FlowValue> values = arguments(call);
    FlowValue before = getStack(getStackSize() - values.size() - 1);
    super.execute(call, interpreter);
    if (before.site() != null) {
      FlowValue after = before.withTexts(new SimpleJdbc(call, method.origin(call)).after(before, values), call);
      replace(before, after);
      if (SimpleJdbc.isStep(call)) {
        setStack(getStackSize() - 1, after);
      }
    }
  }

  private List<FlowValue> arguments(MethodInsnNode call) {
    List<FlowValue> values = new ArrayList<>();
    for (int i = Type.getArgumentTypes(call.desc).length; i > 0; i--) {
      values.add(getStack(getStackSize() - i));
    }
    return values;
  }

  private void builder(MethodInsnNode call, Interpreter<FlowValue> interpreter) throws AnalyzerException {
    List<FlowValue> values = arguments(call);
    FlowValue before = getStack(getStackSize() - values.size() - 1);
    super.execute(call, interpreter);
    FlowValue after = Builders.after(call, before, values, method.origin(call));
    replace(before, after);
    if (Type.getReturnType(call.desc).getInternalName().equals(call.owner)) {
      setStack(getStackSize() - 1, after);
    }
  }

  private static boolean isAddition(MethodInsnNode call) {
    return call.name.equals("add") && call.desc.equals("(Ljava/lang/Object;)Z") && LISTS.contains(call.owner);
  }

  /** A list that is put together; what a loop adds again was read once. */
  private void added(MethodInsnNode call, Interpreter<FlowValue> interpreter) throws AnalyzerException {
    FlowValue list = getStack(getStackSize() - 2);
    FlowValue element = getStack(getStackSize() - 1);
    super.execute(call, interpreter);
    if (!list.made().contains(call)) {
      replace(list, list.withTexts(list.texts(), call).withElement(list.elements().size(), element));
    }
  }

  private void store(AbstractInsnNode instruction, Interpreter<FlowValue> interpreter) throws AnalyzerException {
    FlowValue array = getStack(getStackSize() - 3);
    Integer index = getStack(getStackSize() - 2).number();
    FlowValue element = getStack(getStackSize() - 1);
    super.execute(instruction, interpreter);
    if (index != null) {
      replace(array, array.withElement(index, element));
    }
  }

  private void replace(FlowValue before, FlowValue after) {
    if (before.site() == null) {
      return;
    }
    for (int i = 0; i < getLocals(); i++) {
      if (before.site().equals(siteOf(getLocal(i)))) {
        setLocal(i, after);
      }
    }
    for (int i = 0; i < getStackSize(); i++) {
      if (before.site().equals(siteOf(getStack(i)))) {
        setStack(i, after);
      }
    }
  }

  private static Object siteOf(FlowValue value) {
    return value.site() == null ? "" : value.site();
  }
}
