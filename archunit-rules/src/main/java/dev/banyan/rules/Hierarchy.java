package dev.banyan.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Which classes inherit from which, and which method an object of a class has under a name. */
final class Hierarchy {

  /** A method, and the class or interface that declares it. */
  record Declared(ClassNode node, MethodNode method) {

    boolean isAbstract() {
      return (method.access & Opcodes.ACC_ABSTRACT) != 0;
    }

    /** Tells whether no other class has another one in its place. */
    boolean isFixed() {
      return (method.access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC)) != 0;
    }
  }

  private final Map<String, ClassNode> classes;
  private final Map<String, List<ClassNode>> directlyBelow = new HashMap<>();
  private final Map<ClassNode, Set<ClassNode>> above = new HashMap<>();

  Hierarchy(Map<String, ClassNode> classes) {
    this.classes = classes;
    classes.values().forEach(node -> namesAbove(node).forEach(name -> directlyBelow.computeIfAbsent(name, key -> new ArrayList<>()).add(node)));
  }

  private static List<String> namesAbove(ClassNode node) {
    List<String> names = new ArrayList<>();
    if (node.superName != null) {
      names.add(node.superName);
    }
    names.addAll(node.interfaces);
    return names;
  }

  static boolean isInterface(ClassNode node) {
    return (node.access & Opcodes.ACC_INTERFACE) != 0;
  }

  /** Tells whether there are objects of just this class. */
  static boolean isMade(ClassNode node) {
    return (node.access & (Opcodes.ACC_INTERFACE | Opcodes.ACC_ABSTRACT)) == 0;
  }

  /** Tells whether another class that was read inherits from it. */
  boolean isExtended(ClassNode node) {
    return directlyBelow.containsKey(node.name);
  }

  /** Returns the class itself and all that it inherits from, classes before interfaces, the nearest first. */
  Set<ClassNode> above(ClassNode node) {
    return above.computeIfAbsent(node, this::found);
  }

  private Set<ClassNode> found(ClassNode node) {
    Set<ClassNode> line = new LinkedHashSet<>();
    for (ClassNode each = node; each != null && line.add(each); each = each.superName == null ? null : classes.get(each.superName)) {}
    Set<ClassNode> all = new LinkedHashSet<>(line);
    line.forEach(each -> interfaces(each, all));
    return all;
  }

  private void interfaces(ClassNode node, Set<ClassNode> all) {
    for (String name : node.interfaces) {
      ClassNode type = classes.get(name);
      if (type != null && all.add(type)) {
        interfaces(type, all);
      }
    }
  }

  /** Returns all that inherit from a class or interface. */
  Set<ClassNode> below(ClassNode node) {
    Set<ClassNode> all = new LinkedHashSet<>();
    below(node, all);
    return all;
  }

  private void below(ClassNode node, Set<ClassNode> all) {
    for (ClassNode each : directlyBelow.getOrDefault(node.name, List.of())) {
      if (all.add(each)) {
        below(each, all);
      }
    }
  }

  /** Returns the method that an object of the class has: one with a body goes before one without. */
  Optional<Declared> find(ClassNode node, String name, String descriptor) {
    List<Declared> found = above(node).stream().flatMap(type -> type.methods.stream()
        .filter(method -> method.name.equals(name) && method.desc.equals(descriptor)).map(method -> new Declared(type, method))).toList();
    return found.stream().filter(method -> !method.isAbstract()).findFirst().or(() -> found.stream().findFirst());
  }

  /** Returns the methods that an object of the class has, its own first and without the compiler's bridges; of an interface or abstract class those that it declares. */
  List<Declared> methods(ClassNode node) {
    Map<String, Declared> methods = new LinkedHashMap<>();
    for (ClassNode type : isMade(node) ? above(node) : Set.of(node)) {
      type.methods.stream().map(method -> new Declared(type, method)).filter(method -> type == node || !method.isFixed() && !method.isAbstract())
          .filter(method -> (method.method().access & Opcodes.ACC_BRIDGE) == 0)
          .forEach(method -> methods.putIfAbsent(method.method().name + method.method().desc, method));
    }
    return List.copyOf(methods.values());
  }

  /** Returns the method, and those that it overrides or implements. */
  List<Declared> overridden(ClassNode node, Declared method) {
    List<Declared> all = new ArrayList<>(List.of(method));
    above(node).forEach(type -> type.methods.stream().filter(other -> other != method.method() && !method.isFixed())
        .filter(other -> other.name.equals(method.method().name) && other.desc.equals(method.method().desc))
        .forEach(other -> all.add(new Declared(type, other))));
    return all;
  }
}
