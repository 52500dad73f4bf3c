package dev.banyan.rules.bytecode.flow;

import java.util.List;
import java.util.Set;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodInsnNode;

/** What calls do to the string builder they are made on. */
final class Builders {

  private static final Set<String> BUILDERS = Set.of("java/lang/StringBuilder", "java/lang/StringBuffer", "java/util/StringJoiner");

  private Builders() {}

  static boolean isBuilder(String owner) {
    return BUILDERS.contains(owner);
  }

  /** Returns the builder after the call. */
  static FlowValue after(MethodInsnNode call, FlowValue builder, List<FlowValue> arguments, Origin origin) {
    return switch (call.name) {
      case "<init>" -> begun(call, builder, arguments, origin);
      case "append" -> appended(call, builder, argument(call, arguments.get(0), origin), origin);
      case "add" -> appended(call, builder, joined(builder, arguments.get(0)), origin);
      case "insert" -> builder.withTexts(inserted(call, builder, arguments, origin), call);
      case "replace" -> builder.withTexts(hole(origin).then(builder.texts()).then(hole(origin)), call);
      case "reverse" -> builder.withTexts(hole(origin), call);
      default -> builder;
    };
  }

  /** A joiner keeps what it puts between as its element. */
  private static FlowValue begun(MethodInsnNode call, FlowValue builder, List<FlowValue> arguments, Origin origin) {
    FlowValue begun = builder.withTexts(initial(call, arguments, origin), call);
    return call.owner.endsWith("Joiner") ? begun.withElement(0, arguments.get(0).asText()) : begun;
  }

  private static Fragments joined(FlowValue joiner, FlowValue argument) {
    FlowValue between = joiner.elements().get(0);
    boolean first = joiner.made().size() <= 1;
    return first || between == null ? argument.texts() : between.texts().then(argument.texts());
  }

  private static Fragments inserted(MethodInsnNode call, FlowValue builder, List<FlowValue> arguments, Origin origin) {
    boolean inFront = arguments.size() == 2 && Integer.valueOf(0).equals(arguments.get(0).number());
    return inFront ? arguments.get(1).texts().then(builder.texts()) : hole(origin).then(builder.texts()).then(hole(origin));
  }

  private static Fragments initial(MethodInsnNode call, List<FlowValue> arguments, Origin origin) {
    Fragments empty = Fragments.of(new Fragment("", origin));
    if (call.owner.endsWith("Joiner")) {
      return arguments.size() == 3 ? arguments.get(1).texts() : empty;
    }
    boolean text = arguments.size() == 1 && Type.getArgumentTypes(call.desc)[0].getSort() == Type.OBJECT;
    return text ? arguments.get(0).texts() : empty;
  }

  private static Fragments argument(MethodInsnNode call, FlowValue argument, Origin origin) {
    boolean character = Type.getArgumentTypes(call.desc)[0].equals(Type.CHAR_TYPE);
    return character && argument.number() != null
        ? Fragments.of(new Fragment(Character.toString(argument.number()), origin)) : argument.texts();
  }

  /** What a loop appends again is a hole: it was read once. */
  private static FlowValue appended(MethodInsnNode call, FlowValue builder, Fragments argument, Origin origin) {
    boolean again = builder.made().contains(call);
    return builder.withTexts(builder.texts().then(again ? hole(origin) : argument), call);
  }

  private static Fragments hole(Origin origin) {
    return Fragments.of(Fragment.hole(origin));
  }
}
