package dev.banyan.rules.bytecode;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Members in the words of a reader of the source. */
public final class Members {

  /** One that can be serialized has a hash before its number. */
  private static final String LAMBDA = "^lambda\\$(.*?)(\\$[0-9a-f]{5,8})?\\$\\d+$";

  private Members() {}

  /** Returns for instance {@code method find(String, long)}; a lambda is part of the method it stands in. */
  public static String describe(ClassNode node, MethodNode method) {
    boolean lambda = (method.access & Opcodes.ACC_SYNTHETIC) != 0 && method.name.startsWith("lambda$");
    if (!lambda) {
      return describe(method.name, method.desc);
    }
    String name = method.name.replaceAll(LAMBDA, "$1");
    List<MethodNode> around = node.methods.stream().filter(m -> m.name.equals(name)).toList();
    return around.size() == 1 ? describe(around.get(0).name, around.get(0).desc)
        : name.equals("new") ? "a constructor" : name.equals("static") ? "static initializer" : "method " + name;
  }

  private static String describe(String name, String descriptor) {
    List<String> parameters = new ArrayList<>();
    for (Type type : Type.getArgumentTypes(descriptor)) {
      String full = type.getClassName();
      parameters.add(full.substring(full.lastIndexOf('.') + 1));
    }
    String shown = name.equals("<init>") ? "constructor" : name.equals("<clinit>") ? "static initializer" : "method " + name;
    return name.equals("<clinit>") ? shown : shown + "(" + String.join(", ", parameters) + ")";
  }
}
