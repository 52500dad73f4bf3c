package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * What code names of the classes that jOOQ generates, besides tables: a routine that it makes ({@code new Touch()}), a method that
 * makes one or goes to a table ({@code Routines.touch(…)}, {@code Tables.FIND(…)}), a sequence ({@code Sequences.ACCOUNT_SEQ}), a
 * table or a record that it makes anew.
 */
final class GeneratedObjects {

  /**
   * One object of the database.
   *
   * @param name with its schema
   * @param meaning what is done with it
   */
  record Named(String name, Meaning meaning) {}

  private static final String LIBRARY = "org/jooq/impl/";
  private static final String ROUTINE = LIBRARY + "AbstractRoutine";
  private static final String PACKAGE = LIBRARY + "PackageImpl";
  private static final String RECORD = LIBRARY + "UpdatableRecordImpl";
  private static final String SEQUENCE = "Lorg/jooq/Sequence;";

  private final Function<String, @Nullable ClassNode> classes;
  private final GeneratedTables tables;
  private final Map<String, List<Named>> made = new HashMap<>();
  private final Map<String, List<Named>> called = new HashMap<>();

  GeneratedObjects(Function<String, @Nullable ClassNode> classes, GeneratedTables tables) {
    this.classes = classes;
    this.tables = tables;
  }

  /** Returns what an instruction names; nearly all name nothing. */
  List<Named> namedBy(AbstractInsnNode instruction) {
    return switch (instruction.getOpcode()) {
      case Opcodes.NEW -> made(((TypeInsnNode) instruction).desc);
      case Opcodes.GETSTATIC -> sequence((FieldInsnNode) instruction);
      case Opcodes.INVOKESTATIC -> called(((MethodInsnNode) instruction).owner, ((MethodInsnNode) instruction).name, ((MethodInsnNode) instruction).desc);
      case Opcodes.INVOKEDYNAMIC -> handed((InvokeDynamicInsnNode) instruction);
      default -> List.of();
    };
  }

  /** {@code ids.forEach(Routines::touch)}. */
  private List<Named> handed(InvokeDynamicInsnNode dynamic) {
    return dynamic.bsmArgs.length > 1 && dynamic.bsmArgs[1] instanceof Handle body && body.getTag() == Opcodes.H_INVOKESTATIC
        ? called(body.getOwner(), body.getName(), body.getDesc()) : List.of();
  }

  private List<Named> made(String type) {
    List<Named> known = made.get(type);
    if (known == null) {
      ClassNode node = classes.apply(type);
      known = node == null || node.superName == null || !node.superName.startsWith(LIBRARY) ? List.of() : made(node);
      made.put(type, known);
    }
    return known;
  }

  private List<Named> made(ClassNode node) {
    Optional<Named> named = switch (node.superName) {
      case ROUTINE -> routine(node);
      case RECORD -> constructors(node).flatMap(GeneratedObjects::fields).flatMap(field -> tables.nameOf(field.desc).stream()).findFirst()
          .map(table -> new Named(table, Meaning.TABLE_WRITE));
      default -> tables.nameOf(Type.getObjectType(node.name).getDescriptor()).map(table -> new Named(table, Meaning.TABLE_READ));
    };
    return named.stream().toList();
  }

  /** {@code super("touch", Users.USERS)}, of Oracle's {@code super("rename", Users.USERS, Api.API)}. */
  private Optional<Named> routine(ClassNode node) {
    MethodNode constructor = constructors(node).findFirst().orElseThrow();
    Optional<String> container = fields(constructor).map(field -> classes.apply(field.owner)).filter(owner -> owner != null && PACKAGE.equals(owner.superName))
        .flatMap(owner -> constructors(owner).findFirst().flatMap(GeneratedTables::constant).stream()).findFirst();
    return GeneratedTables.constant(constructor).map(name -> new Named(schemaIn(fields(constructor)).map(schema -> schema + ".").orElse("")
        + container.map(each -> each + ".").orElse("") + name, Meaning.ROUTINE));
  }

  private Optional<String> schemaIn(Stream<FieldInsnNode> fields) {
    return fields.flatMap(field -> tables.schemaOf(field.owner).stream()).findFirst();
  }

  /** The class that keeps sequences makes them one behind the other, each with its schema. */
  private List<Named> sequence(FieldInsnNode field) {
    ClassNode node = field.desc.equals(SEQUENCE) ? classes.apply(field.owner) : null;
    return node == null ? List.of() : node.methods.stream().filter(method -> method.name.equals("<clinit>")).flatMap(method -> sequence(method, field.name).stream())
        .map(name -> new Named(name, Meaning.SEQUENCE)).toList();
  }

  private Optional<String> sequence(MethodNode initializer, String field) {
    String name = "";
    Optional<String> schema = Optional.empty();
    for (AbstractInsnNode instruction : initializer.instructions) {
      if (instruction instanceof LdcInsnNode constant && constant.cst instanceof String text && name.isEmpty()) {
        name = text;
      } else if (instruction instanceof FieldInsnNode put && put.getOpcode() == Opcodes.PUTSTATIC) {
        if (put.name.equals(field) && !name.isEmpty()) {
          return Optional.of(schema.map(each -> each + ".").orElse("") + name);
        }
        name = "";
        schema = Optional.empty();
      } else if (instruction instanceof FieldInsnNode get && schema.isEmpty()) {
        schema = tables.schemaOf(get.owner);
      }
    }
    return Optional.empty();
  }

  private List<Named> called(String owner, String name, String descriptor) {
    ClassNode node = classes.apply(owner);
    if (node == null || !isCollection(node)) {
      return List.of();
    }
    return called.computeIfAbsent(owner + "." + name + descriptor, key -> node.methods.stream()
        .filter(method -> method.name.equals(name) && method.desc.equals(descriptor)).flatMap(method -> namedIn(method).stream()).distinct().toList());
  }

  private static boolean isCollection(ClassNode node) {
    return PACKAGE.equals(node.superName) || node.name.endsWith("/Routines") || node.name.endsWith("/Tables");
  }

  private List<Named> namedIn(MethodNode method) {
    List<Named> named = new ArrayList<>();
    for (AbstractInsnNode instruction : method.instructions) {
      if (instruction instanceof TypeInsnNode type && type.getOpcode() == Opcodes.NEW) {
        named.addAll(made(type.desc));
      }
    }
    fields(method).flatMap(field -> tables.nameOf(field.desc).stream()).map(table -> new Named(table, Meaning.TABLE_READ)).forEach(named::add);
    return named;
  }

  private static Stream<MethodNode> constructors(ClassNode node) {
    return node.methods.stream().filter(method -> method.name.equals("<init>"));
  }

  private static Stream<FieldInsnNode> fields(MethodNode method) {
    return Stream.of(method.instructions.toArray()).filter(instruction -> instruction.getOpcode() == Opcodes.GETSTATIC).map(FieldInsnNode.class::cast);
  }
}
