package dev.banyan.rules.bytecode.flow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The table classes that jOOQ and Querydsl generate. In jOOQ's the constructor without parameters says the table's name, {@code getSchema()}
 * leads to the class that says the schema's.
 */
final class GeneratedTables {

  private static final String TABLE = "org/jooq/impl/TableImpl";
  private static final String TABLE_OF_QUERYDSL = "com/querydsl/sql/RelationalPathBase";
  private static final String SCHEMA = "org/jooq/impl/SchemaImpl";

  private final Function<String, @Nullable ClassNode> classes;
  private final Map<String, Optional<String>> names = new HashMap<>();

  GeneratedTables(Function<String, @Nullable ClassNode> classes) {
    this.classes = classes;
  }

  /** Returns {@code schema.table} for a field's descriptor, if its type is such a class. */
  Optional<String> nameOf(String descriptor) {
    if (!descriptor.startsWith("L")) {
      return Optional.empty();
    }
    String type = descriptor.substring(1, descriptor.length() - 1);
    Optional<String> known = names.get(type);
    if (known == null) {
      ClassNode node = classes.apply(type);
      known = node == null ? Optional.empty() : TABLE.equals(node.superName) ? name(node) : TABLE_OF_QUERYDSL.equals(node.superName) ? told(node)
          : Optional.empty();
      names.put(type, known);
    }
    return known;
  }

  /** Querydsl's says both to the class above: {@code super(SAccount.class, forVariable(variable), "users", "account")}. */
  private static Optional<String> told(ClassNode table) {
    return table.methods.stream().filter(method -> method.name.equals("<init>")).map(GeneratedTables::constants).filter(texts -> texts.size() == 2)
        .map(texts -> String.join(".", texts)).findFirst();
  }

  private static List<String> constants(MethodNode method) {
    List<String> texts = new ArrayList<>();
    for (AbstractInsnNode instruction : method.instructions) {
      if (instruction instanceof LdcInsnNode constant && constant.cst instanceof String text) {
        texts.add(text);
      }
    }
    return texts;
  }

  private Optional<String> name(ClassNode table) {
    Optional<String> schema = method(table, "getSchema", null).flatMap(this::schema);
    return method(table, "<init>", "()V").flatMap(GeneratedTables::constant).map(name -> schema.map(s -> s + ".").orElse("") + name);
  }

  private Optional<String> schema(MethodNode getter) {
    for (AbstractInsnNode instruction : getter.instructions) {
      if (instruction instanceof FieldInsnNode field && field.getOpcode() == Opcodes.GETSTATIC) {
        return schemaOf(field.owner);
      }
    }
    return Optional.empty();
  }

  /** Returns the name of the schema that a class stands for, if it stands for one. */
  Optional<String> schemaOf(String type) {
    ClassNode node = classes.apply(type);
    return node == null || !SCHEMA.equals(node.superName) ? Optional.empty() : method(node, "<init>", null).flatMap(GeneratedTables::constant);
  }

  private static Optional<MethodNode> method(ClassNode node, String name, @Nullable String descriptor) {
    return node.methods.stream().filter(m -> m.name.equals(name) && (descriptor == null || m.desc.equals(descriptor))).findFirst();
  }

  static Optional<String> constant(MethodNode method) {
    for (AbstractInsnNode instruction : method.instructions) {
      if (instruction instanceof LdcInsnNode constant && constant.cst instanceof String text) {
        return Optional.of(text);
      }
    }
    return Optional.empty();
  }
}
