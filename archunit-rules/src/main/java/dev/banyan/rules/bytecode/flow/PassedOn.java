package dev.banyan.rules.bytecode.flow;

import java.util.List;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Strings that one class hands to a method of another.
 *
 * @param call the call
 * @param arguments what it hands over
 * @param origin where it does
 * @param isFurther whether they came from a third class, and what that has put in is marked already
 */
record PassedOn(MethodInsnNode call, List<FlowValue> arguments, Origin origin, boolean isFurther) {

  PassedOn {
    arguments = List.copyOf(arguments);
  }

  /** Returns the same, as what the class at the origin has begun. */
  PassedOn further(Origin first) {
    return new PassedOn(call, arguments, first, true);
  }

  /** Tells whether anything of it is marked. */
  boolean isMarked() {
    return arguments.stream().flatMap(value -> value.texts().all().stream()).anyMatch(text -> Marks.areIn(text.text()));
  }

  /** Returns an argument with marks around its strings, by which they are known again in what becomes of them. */
  FlowValue marked(int index) {
    return isFurther ? arguments.get(index) : marked(arguments.get(index), origin);
  }

  static FlowValue marked(FlowValue value, Origin origin) {
    Fragments marked = value.texts().isKnown()
        ? new Fragments(value.texts().all().stream().map(each -> each.isHole() ? each : new Fragment(Marks.around(Marks.removed(each.text())), origin)).toList())
        : value.texts();
    return FlowValue.of(value.size(), marked);
  }
}
