package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** The classes that put statements together of what others give them: they hold a piece of SQL that needs more behind it. */
final class StatementMakers {

  private record Called(String owner, String name, String descriptor) {}

  private static final Set<Meaning> TABLES = EnumSet.of(Meaning.TABLE_READ, Meaning.TABLE_WRITE);
  private static final String TEXT = "Ljava/lang/String;";
  /** A piece that ends where a table must follow, or has a place for one. */
  private static final Pattern PIECE = Pattern.compile("\\b(from|join|into|update|table|truncate)\\s+[\"`]?(\\w+\\.)?[\"`]?($|\\x01|%|\\{)"
      + "|^\\s*(select|insert|update|delete|merge|with)\\b.*(\\s$|\\x01|%s)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Function<String, @Nullable ClassNode> classes;
  private final Map<String, Boolean> makers = new HashMap<>();
  private final Map<String, Boolean> inherited = new HashMap<>();
  private final Map<Called, Optional<ClassNode>> declaring = new HashMap<>();
  private final Map<Called, String> names = new HashMap<>();

  StatementMakers(Function<String, @Nullable ClassNode> classes) {
    this.classes = classes;
  }

  /** Returns the class that declares a method: the called one, or the nearest that it extends. */
  @Nullable ClassNode declaring(MethodInsnNode call) {
    return nearest(call.owner, call.name, call.desc).orElse(null);
  }

  private Optional<ClassNode> nearest(String owner, String name, String descriptor) {
    var called = new Called(owner, name, descriptor);
    Optional<ClassNode> known = declaring.get(called);
    if (known == null) {
      known = found(called);
      declaring.put(called, known);
    }
    return known;
  }

  private Optional<ClassNode> found(Called called) {
    ClassNode node = classes.apply(called.owner());
    while (node != null && !declares(node, called)) {
      node = node.superName == null ? null : classes.apply(node.superName);
    }
    return Optional.ofNullable(node);
  }

  /** A call on a subclass, as in {@code new SQL() {{ FROM("t"); }}}, names that one. */
  String declaring(String owner, String name, String descriptor) {
    if (classes.apply(owner) == null) {
      return owner;
    }
    var called = new Called(owner, name, descriptor);
    String known = names.get(called);
    if (known == null) {
      known = above(called);
      names.put(called, known);
    }
    return known;
  }

  private String above(Called called) {
    String above = called.owner();
    ClassNode node = classes.apply(above);
    while (node != null && node.superName != null && !node.superName.equals("java/lang/Object") && !declares(node, called)) {
      above = node.superName;
      node = classes.apply(above);
    }
    return above;
  }

  private static boolean declares(ClassNode node, Called called) {
    for (MethodNode method : node.methods) {
      if (method.name.equals(called.name()) && method.desc.equals(called.descriptor())) {
        return true;
      }
    }
    return false;
  }

  boolean isMaker(MethodInsnNode call) {
    int text = call.desc.indexOf(TEXT);
    if (text < 0 || text > call.desc.indexOf(')') || !mayMake(call.owner)) {
      return false;
    }
    ClassNode node = declaring(call);
    return node != null && hasPiece(node);
  }

  /** Tells whether a class, or one that it extends, holds a piece; nearly all calls of a code base end here. */
  private boolean mayMake(String owner) {
    Boolean known = inherited.get(owner);
    if (known == null) {
      ClassNode node = classes.apply(owner);
      known = node != null && (hasPiece(node) || node.superName != null && mayMake(node.superName));
      inherited.put(owner, known);
    }
    return known;
  }

  private boolean hasPiece(ClassNode node) {
    return makers.computeIfAbsent(node.name, name -> node.methods.stream().anyMatch(StatementMakers::hasPiece));
  }

  private static boolean hasPiece(MethodNode method) {
    for (AbstractInsnNode instruction : method.instructions) {
      List<Object> texts = instruction instanceof LdcInsnNode constant ? List.of(constant.cst)
          : instruction instanceof InvokeDynamicInsnNode dynamic ? List.of(dynamic.bsmArgs) : List.of();
      boolean table = instruction instanceof MethodInsnNode call && Sinks.meaning(call.owner, call.name).filter(TABLES::contains).isPresent();
      if (table || texts.stream().anyMatch(text -> text instanceof String piece && PIECE.matcher(piece).find())) {
        return true;
      }
    }
    return false;
  }
}
