package dev.banyan.rules.bytecode;

import dev.banyan.rules.bytecode.flow.StringFlow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Collects the strings of one class: what its code puts together, and the values of annotations. A constant field counts
 * only if no code of its class uses its value; otherwise the use is what matters.
 */
public final class ClassTexts {

  private ClassTexts() {}

  /** Returns the strings of a class, those of annotations first. */
  public static List<Text> of(ClassFile file, StringFlow flow) {
    List<Text> texts = new ArrayList<>(AnnotationTexts.of(file));
    texts.addAll(flow.texts(file.node()));
    texts.addAll(unusedConstants(file, texts));
    return texts;
  }

  private static List<Text> unusedConstants(ClassFile file, List<Text> texts) {
    List<Text> unused = new ArrayList<>();
    List<String> loaded = loaded(file.node());
    for (FieldNode field : file.node().fields) {
      if (field.value instanceof String constant && texts.stream().noneMatch(text -> text.value().contains(constant))
          && loaded.stream().noneMatch(text -> text.contains(constant))) {
        unused.add(new Text(constant, "field " + field.name, 0, Meaning.GUESS));
      }
    }
    return unused;
  }

  /** The compiler copies a constant to where it is used, alone or as part of a longer one. */
  private static List<String> loaded(ClassNode node) {
    List<String> loaded = new ArrayList<>();
    for (MethodNode method : node.methods) {
      for (AbstractInsnNode instruction : method.instructions) {
        if (instruction instanceof LdcInsnNode load && load.cst instanceof String text) {
          loaded.add(text);
        } else if (instruction instanceof InvokeDynamicInsnNode dynamic) {
          Stream.of(dynamic.bsmArgs).filter(String.class::isInstance).map(String.class::cast).forEach(loaded::add);
        }
      }
    }
    return loaded;
  }
}
