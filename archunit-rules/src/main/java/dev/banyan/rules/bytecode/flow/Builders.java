package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.sql.TableName;
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
      case "<init>" -> builder.withTexts(initial(call, arguments, origin), call);
      case "append" -> appended(call, builder, argument(call, arguments.get(0), origin), origin);
      case "add" -> appended(call, builder, new Fragments(List.of(new Fragment(" " + TableName.HOLE + " ", origin)))
          .then(arguments.get(0).texts()),
          origin);
      case "insert", "replace" -> builder.withTexts(hole(origin).then(builder.texts()).then(hole(origin)), call);
      case "reverse" -> builder.withTexts(hole(origin), call);
      default -> builder;
    };
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
