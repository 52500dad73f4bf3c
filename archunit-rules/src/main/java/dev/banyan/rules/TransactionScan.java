package dev.banyan.rules;

import dev.banyan.rules.bytecode.AnnotationValues;
import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.bytecode.Members;
import dev.banyan.rules.mapping.Entity;
import dev.banyan.rules.mapping.EntityModel;
import dev.banyan.rules.sql.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Finds the methods that begin a transaction, by {@code @Transactional} of Spring or Jakarta, and the tables they reach
 * through calls, a few steps deep. A call to a Spring Data repository touches the table of its entity.
 */
final class TransactionScan {

  private static final Set<String> BEGINS = Set.of("org.springframework.transaction.annotation.Transactional",
      "jakarta.transaction.Transactional", "javax.transaction.Transactional");
  private static final int DEEPEST = 6;

  private final Map<String, ClassNode> classes;
  private final EntityModel entities;
  private final Map<String, Set<TableName>> touched = new HashMap<>();
  private final Hierarchy hierarchy;

  TransactionScan(Map<String, ClassNode> classes, EntityModel entities, Judge judge) {
    this.classes = classes;
    this.entities = entities;
    judge.touches().forEach(touch -> touched.computeIfAbsent(touch.location(), key -> new LinkedHashSet<>()).add(touch.table()));
    this.hierarchy = new Hierarchy(classes);
  }

  List<Transaction> run() {
    List<Transaction> found = new ArrayList<>();
    Set<ClassNode> marked = classes.values().stream().filter(TransactionScan::isMarked).collect(Collectors.toSet());
    classes.values().stream().filter(node -> hierarchy.above(node).stream().anyMatch(marked::contains)).forEach(node -> hierarchy.methods(node).stream()
        .filter(method -> begins(node, method)).forEach(method -> transaction(node, method).ifPresent(found::add)));
    return found;
  }

  private static boolean isMarked(ClassNode node) {
    return begins(new ClassFile(node).onClass()) || node.methods.stream().anyMatch(method -> begins(ClassFile.on(method)));
  }

  /** What is inherited is told again only where the class that it comes from cannot be made itself, or does less. */
  private Optional<Transaction> transaction(ClassNode node, Hierarchy.Declared method) {
    Set<TableName> tables = tables(node, method);
    boolean inherited = method.node() != node;
    boolean told = inherited && Hierarchy.isMade(method.node()) && tables(method.node(), method).equals(tables);
    boolean overAll = !inherited && !Hierarchy.isMade(node) && hierarchy.isExtended(node);
    return tables.isEmpty() || told || overAll ? Optional.empty() : Optional.of(new Transaction(location(node, method.method()), tables));
  }

  private Set<TableName> tables(ClassNode node, Hierarchy.Declared method) {
    Set<TableName> tables = new LinkedHashSet<>();
    follow(node, method, 0, new HashSet<>(), tables);
    return tables;
  }

  /** An annotation counts at the method, at the one that it overrides or implements, or at the class that declares one of these. */
  private boolean begins(ClassNode node, Hierarchy.Declared method) {
    return !method.method().name.startsWith("<") && hierarchy.overridden(node, method).stream().anyMatch(each ->
        begins(ClassFile.on(each.method())) || isOffered(method.method()) && hierarchy.above(each.node()).stream()
            .anyMatch(type -> begins(new ClassFile(type).onClass())));
  }

  /** What a class's annotation makes transactional: no method that only the class itself calls, and no body of a lambda. */
  private static boolean isOffered(MethodNode method) {
    return (method.access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC)) == 0;
  }

  private static boolean begins(List<AnnotationValues> annotations) {
    return annotations.stream().anyMatch(annotation -> BEGINS.contains(annotation.type()));
  }

  private static String location(ClassNode node, MethodNode method) {
    return node.name.replace('/', '.') + ", " + Members.describe(node, method);
  }

  /** Follows a method of an object of the class {@code self}, which may have inherited it. */
  private void follow(ClassNode self, Hierarchy.Declared method, int depth, Set<String> seen, Set<TableName> tables) {
    if (depth > DEEPEST || !seen.add(self.name + ' ' + method.node().name + '.' + method.method().name + method.method().desc)) {
      return;
    }
    tables.addAll(touched.getOrDefault(location(method.node(), method.method()), Set.of()));
    for (AbstractInsnNode instruction : method.method().instructions) {
      if (instruction instanceof MethodInsnNode call) {
        called(self, call, depth, seen, tables);
      } else if (instruction instanceof InvokeDynamicInsnNode lambda) {
        Stream.of(lambda.bsmArgs).filter(Handle.class::isInstance).map(Handle.class::cast).forEach(body -> called(self,
            new MethodInsnNode(Opcodes.INVOKEVIRTUAL, body.getOwner(), body.getName(), body.getDesc(), body.isInterface()), depth, seen, tables));
      }
    }
  }

  private void called(ClassNode self, MethodInsnNode call, int depth, Set<String> seen, Set<TableName> tables) {
    ClassNode owner = classes.get(call.owner);
    if (owner == null) {
      return;
    }
    Optional<Entity> entity = entities.ofRepository(new ClassFile(owner));
    entity.ifPresent(each -> tables.add(each.candidates().get(each.candidates().size() - 1)));
    Optional<Hierarchy.Declared> declared = hierarchy.find(owner, call.name, call.desc);
    if (hierarchy.above(self).contains(owner)) {
      boolean here = call.getOpcode() == Opcodes.INVOKESPECIAL || declared.filter(Hierarchy.Declared::isFixed).isPresent();
      any(self, here ? declared : hierarchy.find(self, call.name, call.desc), depth, seen, tables);
    } else {
      any(owner, declared, depth, seen, tables);
    }
  }

  /** Follows a method of an object whose class is {@code type}, or where that only promises the method, one of those below. */
  private void any(ClassNode type, Optional<Hierarchy.Declared> method, int depth, Set<String> seen, Set<TableName> tables) {
    method.ifPresent(found -> follow(type, found, depth + 1, seen, tables));
    method.filter(found -> found.isAbstract() || Hierarchy.isInterface(type)).ifPresent(found -> hierarchy.below(type).forEach(node ->
        hierarchy.find(node, found.method().name, found.method().desc).ifPresent(other -> follow(node, other, depth + 1, seen, tables))));
  }
}
