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
  private final Map<String, List<ClassNode>> implementations = new HashMap<>();

  TransactionScan(Map<String, ClassNode> classes, EntityModel entities, Judge judge) {
    this.classes = classes;
    this.entities = entities;
    judge.touches().forEach(touch -> touched.computeIfAbsent(touch.location(), key -> new LinkedHashSet<>()).add(touch.table()));
    classes.values().forEach(node -> node.interfaces.forEach(
        name -> implementations.computeIfAbsent(name, key -> new ArrayList<>()).add(node)));
  }

  List<Transaction> run() {
    List<Transaction> found = new ArrayList<>();
    for (ClassNode node : classes.values()) {
      boolean all = begins(new ClassFile(node).onClass());
      for (MethodNode method : node.methods) {
        if (!method.name.startsWith("<") && (all && isOffered(method) || begins(ClassFile.on(method)))) {
          Set<TableName> tables = new LinkedHashSet<>();
          follow(node, method, 0, new HashSet<>(), tables);
          if (!tables.isEmpty()) {
            found.add(new Transaction(location(node, method), tables));
          }
        }
      }
    }
    return found;
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

  private void follow(ClassNode node, MethodNode method, int depth, Set<String> seen, Set<TableName> tables) {
    if (depth > DEEPEST || !seen.add(node.name + '.' + method.name + method.desc)) {
      return;
    }
    tables.addAll(touched.getOrDefault(location(node, method), Set.of()));
    for (AbstractInsnNode instruction : method.instructions) {
      if (instruction instanceof MethodInsnNode call) {
        called(call, depth, seen, tables);
      } else if (instruction instanceof InvokeDynamicInsnNode lambda) {
        Stream.of(lambda.bsmArgs).filter(Handle.class::isInstance).map(Handle.class::cast).forEach(body -> called(
            new MethodInsnNode(Opcodes.INVOKEVIRTUAL, body.getOwner(), body.getName(), body.getDesc(), body.isInterface()), depth, seen, tables));
      }
    }
  }

  private void called(MethodInsnNode call, int depth, Set<String> seen, Set<TableName> tables) {
    ClassNode owner = classes.get(call.owner);
    if (owner == null) {
      return;
    }
    Optional<Entity> entity = entities.ofRepository(new ClassFile(owner));
    entity.ifPresent(each -> tables.add(each.candidates().get(each.candidates().size() - 1)));
    into(owner, call, depth, seen, tables);
    implementations.getOrDefault(call.owner, List.of()).forEach(node -> into(node, call, depth, seen, tables));
  }

  private void into(ClassNode node, MethodInsnNode call, int depth, Set<String> seen, Set<TableName> tables) {
    node.methods.stream().filter(method -> method.name.equals(call.name) && method.desc.equals(call.desc))
        .forEach(method -> follow(node, method, depth + 1, seen, tables));
  }
}
