package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** The classes that put statements together of what others give them: they hold a piece of SQL that needs more behind it. */
final class StatementMakers {

  private record Called(String owner, String name, String descriptor) {

    private boolean isOf(MethodNode method) {
      return method.name.equals(name) && method.desc.equals(descriptor);
    }
  }

  /** Helpers that only call helpers; more of them are not followed. */
  private static final int FURTHEST = 3;
  private static final Set<Meaning> TABLES = EnumSet.of(Meaning.TABLE_READ, Meaning.TABLE_WRITE);
  private static final String TEXT = "Ljava/lang/String;";
  /** A piece that ends where a table must follow, or has a place for one. */
  private static final Pattern PIECE = Pattern.compile("\\b(from|join|into|update|table|truncate)\\s+[\"`]?(\\w+\\.)?[\"`]?($|\\x01|%|\\{)"
      + "|^\\s*(select|insert|update|delete|merge|with)\\b.*(\\s$|\\x01|%s)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Function<String, @Nullable ClassNode> classes;
  private final Collection<ClassNode> all;
  private final Map<Called, Map<Integer, Meaning>> handing = new HashMap<>();
  private @Nullable Map<String, List<ClassNode>> implementations;
  private final Map<String, Boolean> makers = new HashMap<>();
  private final Map<Called, Boolean> sending = new HashMap<>();
  private final Map<Called, Boolean> making = new HashMap<>();
  private final Map<String, Boolean> inherited = new HashMap<>();
  private final Map<Called, Optional<ClassNode>> declaring = new HashMap<>();
  private final Map<Called, String> names = new HashMap<>();

  StatementMakers(Map<String, ClassNode> classes) {
    this.classes = classes::get;
    this.all = classes.values();
  }

  /** Returns the class that declares a static field: the named one, one that it extends, or an interface of these. */
  @Nullable ClassNode declaringField(String owner, String field) {
    ClassNode node = classes.apply(owner);
    if (node == null || node.fields.stream().anyMatch(each -> each.name.equals(field))) {
      return node;
    }
    for (String above : node.interfaces) {
      ClassNode found = declaringField(above, field);
      if (found != null) {
        return found;
      }
    }
    return node.superName == null ? null : declaringField(node.superName, field);
  }

  /**
   * Returns what a method takes its strings for that hands them on as they are to what takes SQL: a team's own helper. Of an
   * interface, what any class that implements it does.
   */
  Map<Integer, Meaning> handsOn(MethodInsnNode call, BiFunction<ClassNode, MethodInsnNode, Map<Integer, Meaning>> following) {
    int text = call.desc.indexOf(TEXT);
    if (text < 0 || text > call.desc.indexOf(')') || classes.apply(call.owner) == null) {
      return Map.of();
    }
    var called = new Called(call.owner, call.name, call.desc);
    Map<Integer, Meaning> known = handing.get(called);
    if (known == null) {
      List<ClassNode> bodies = bodies(called);
      if (bodies.isEmpty()) {
        return Map.of();
      }
      // While it is being looked at, a method that calls itself hands on nothing more.
      handing.put(called, Map.of());
      Map<Integer, Meaning> found = new HashMap<>();
      bodies.forEach(node -> found.putAll(following.apply(node, call)));
      known = Map.copyOf(found);
      handing.put(called, known);
    }
    return known;
  }

  private List<ClassNode> bodies(Called called) {
    List<ClassNode> nodes = bodies(called.owner(), called);
    nodes.removeIf(node -> node.methods.stream().noneMatch(method -> called.isOf(method) && maySend(node, method)));
    return nodes;
  }

  private List<ClassNode> bodies(String owner, Called called) {
    List<ClassNode> nodes = new ArrayList<>(implementations().getOrDefault(owner, List.of()));
    nearest(owner, called.name(), called.descriptor()).ifPresent(nodes::add);
    return nodes;
  }

  private Map<String, List<ClassNode>> implementations() {
    if (implementations == null) {
      Map<String, List<ClassNode>> found = new HashMap<>();
      all.forEach(node -> {
        node.interfaces.forEach(name -> found.computeIfAbsent(name, key -> new ArrayList<>()).add(node));
        if (node.superName != null && !node.superName.startsWith("java/")) {
          found.computeIfAbsent(node.superName, key -> new ArrayList<>()).add(node);
        }
      });
      implementations = found;
    }
    return implementations;
  }

  /** Tells whether a method, or one that it calls, calls what takes SQL; nearly all methods of a code base end here. */
  private boolean maySend(ClassNode node, MethodNode method) {
    var called = new Called(node.name, method.name, method.desc);
    Boolean known = sending.get(called);
    if (known == null) {
      sending.put(called, false);
      known = Stream.of(method.instructions.toArray()).anyMatch(instruction -> maySend(node, instruction));
      sending.put(called, known);
    }
    return known;
  }

  private boolean maySend(ClassNode node, AbstractInsnNode instruction) {
    if (instruction instanceof InvokeDynamicInsnNode dynamic) {
      return dynamic.bsmArgs.length > 1 && dynamic.bsmArgs[1] instanceof Handle body && body.getOwner().equals(node.name)
          && node.methods.stream().anyMatch(method -> method.name.equals(body.getName()) && maySend(node, method));
    }
    return instruction instanceof MethodInsnNode call && (Sinks.meaning(call.owner, call.name).isPresent()
        || call.desc.contains(TEXT) && classes.apply(call.owner) != null
            && (Sinks.meaning(declaring(call.owner, call.name, call.desc), call.name).isPresent() || isSent(call)));
  }

  private boolean isSent(MethodInsnNode call) {
    var called = new Called(call.owner, call.name, call.desc);
    return bodies(call.owner, called).stream()
        .anyMatch(node -> node.methods.stream().anyMatch(method -> called.isOf(method) && maySend(node, method)));
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
    ClassNode node = classes.apply(owner);
    if (node == null || node.superName == null || node.superName.equals("java/lang/Object")) {
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
      if (called.isOf(method)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the classes above one that were read and hold pieces. */
  List<ClassNode> above(ClassNode node) {
    List<ClassNode> found = new ArrayList<>();
    ClassNode above = node.superName == null ? null : classes.apply(node.superName);
    while (above != null) {
      if (hasPiece(above)) {
        found.add(above);
      }
      above = above.superName == null ? null : classes.apply(above.superName);
    }
    return found;
  }

  /** Tells whether a method belongs to a class that holds pieces, or hands what it gets to one of those. */
  boolean isMaker(MethodInsnNode call) {
    return isMaker(call, 0);
  }

  private boolean isMaker(MethodInsnNode call, int depth) {
    int text = call.desc.indexOf(TEXT);
    if (text < 0 || text > call.desc.indexOf(')') || depth > FURTHEST || classes.apply(call.owner) == null) {
      return false;
    }
    ClassNode node = nearest(call.owner, call.name, call.desc).orElse(null);
    if (node == null) {
      return false;
    }
    var called = new Called(call.owner, call.name, call.desc);
    Boolean known = making.get(called);
    if (known == null) {
      making.put(called, false);
      known = (mayMake(call.owner) && hasPiece(node)) || handsToMaker(node, called, depth);
      making.put(called, known);
    }
    return known;
  }

  private boolean handsToMaker(ClassNode node, Called called, int depth) {
    return node.methods.stream().filter(called::isOf).flatMap(method -> Stream.of(method.instructions.toArray()))
        .anyMatch(instruction -> instruction instanceof MethodInsnNode call && !call.owner.equals(node.name) && isMaker(call, depth + 1));
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
