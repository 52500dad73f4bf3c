package dev.banyan.rules.bytecode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** The constants of fields, and who uses them: the compiler copies one to each place, alone or as part of a longer one. */
public final class Constants {

  private Constants() {}

  /** Returns the constants of fields that a class uses which does not declare them. */
  public static Set<String> usedByOthers(Collection<ClassFile> classes) {
    Map<String, String> owners = new HashMap<>();
    for (ClassFile file : classes) {
      for (FieldNode field : file.node().fields) {
        if (field.value instanceof String constant) {
          owners.put(constant, file.node().name);
        }
      }
    }
    if (owners.isEmpty()) {
      return Set.of();
    }
    Set<String> used = new HashSet<>();
    for (ClassFile file : classes) {
      loadedBy(file.node()).stream().filter(text -> !owners.getOrDefault(text, file.node().name).equals(file.node().name))
          .forEach(used::add);
    }
    return used;
  }

  /** Returns the paths of scripts that a class carries in its code or annotations, without what stands before the first folder. */
  public static Set<String> scripts(ClassFile file) {
    List<String> texts = loadedBy(file.node());
    file.forEachAnnotation((annotation, where) -> annotation.names().forEach(name -> texts.addAll(annotation.texts(name))));
    Set<String> scripts = new HashSet<>();
    texts.stream().filter(text -> text.endsWith(".sql") || text.endsWith(".stg"))
        .forEach(text -> scripts.add(text.substring(text.lastIndexOf('\u0001') + 1).replaceAll("^(\\w+\\*?:)?/*", "")));
    return scripts;
  }

  /** Returns the strings that the code of a class loads. */
  static List<String> loadedBy(ClassNode node) {
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
