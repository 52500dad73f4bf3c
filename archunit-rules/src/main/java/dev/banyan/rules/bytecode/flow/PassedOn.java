package dev.banyan.rules.bytecode.flow;

import java.util.List;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Strings that one class hands to a method of another.
 *
 * @param call the call
 * @param arguments what it hands over
 * @param origin where it does
 */
record PassedOn(MethodInsnNode call, List<FlowValue> arguments, Origin origin) {

  PassedOn {
    arguments = List.copyOf(arguments);
  }

  /** Returns an argument with marks around its strings, by which they are known again in what becomes of them. */
  FlowValue marked(int index) {
    FlowValue value = arguments.get(index);
    Fragments marked = value.texts().isKnown()
        ? new Fragments(value.texts().all().stream().map(each -> each.isHole() ? each : new Fragment(Marks.around(Marks.removed(each.text())), origin)).toList())
        : value.texts();
    return FlowValue.of(value.size(), marked);
  }
}
