package dev.banyan.bench.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A code base that nobody wrote: classes of ten modules with fields, accessors, calls of one another, and four statements each:
 * a constant, a concatenation, a format and a builder with a condition.
 */
final class GeneratedCode {

  static final int STATEMENTS_PER_CLASS = 4;
  static final int MODULES = 10;
  private static final int PLAIN_METHODS = 12;
  private static final String JDBC = "org/springframework/jdbc/core/JdbcTemplate";
  private static final String STRING = "Ljava/lang/String;";

  private final Path folder;
  private final int classes;

  GeneratedCode(Path folder, int classes) {
    this.folder = folder;
    this.classes = classes;
  }

  /** Writes the classes. */
  void write() throws IOException {
    for (int number = 0; number < classes; number++) {
      Path file = folder.resolve(name(number) + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, bytes(number));
    }
  }

  /** Returns who owns what. */
  static String ownership() {
    StringBuilder yaml = new StringBuilder("modules:\n");
    for (int module = 0; module < MODULES; module++) {
      yaml.append("  m%1$d: { packages: [shop.m%1$d], schemas: [m%1$d] }%n".formatted(module));
    }
    return yaml.toString();
  }

  /** Every fiftieth class reads a table of the next module. */
  long crossings() {
    return (classes + 49) / 50;
  }

  private static String name(int number) {
    return "shop/m%d/p%d/Part%d".formatted(number % MODULES, number / MODULES % 20, number);
  }

  private byte[] bytes(int number) {
    var writer = new ClassWriter(ClassWriter.COMPUTE_MAXS | ClassWriter.COMPUTE_FRAMES);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name(number), null, "java/lang/Object", null);
    writer.visitSource("Part" + number + ".java", null);
    writer.visitField(Opcodes.ACC_PRIVATE, "jdbc", "L" + JDBC + ";", null, null).visitEnd();
    for (int i = 0; i < PLAIN_METHODS; i++) {
      plain(writer, number, i);
    }
    String schema = "m" + number % MODULES;
    String other = number % 50 == 0 ? "m" + (number + 1) % MODULES : schema;
    constant(writer, number, "select a.id, a.name, b.total from %s.account_%d a join %s.line b on b.account = a.id where a.id = ? order by a.name"
        .formatted(schema, number, other));
    concatenation(writer, number, "select id, name from %s.item_%d where kind = 'x' and ".formatted(schema, number) + "\1 = ? limit 10");
    format(writer, number, "insert into %s.log_%d (id, at, what) values (%%s, now(), '%%s')".formatted(schema, number));
    builder(writer, number, "update %s.item_%d set name = ?, changed = now()".formatted(schema, number));
    writer.visitEnd();
    return writer.toByteArray();
  }

  private void plain(ClassWriter writer, int number, int i) {
    MethodVisitor method = begin(writer, "plain" + i, "(II)I");
    method.visitVarInsn(Opcodes.ILOAD, 1);
    method.visitVarInsn(Opcodes.ILOAD, 2);
    method.visitInsn(i % 2 == 0 ? Opcodes.IADD : Opcodes.IMUL);
    method.visitVarInsn(Opcodes.ISTORE, 1);
    Label end = new Label();
    method.visitVarInsn(Opcodes.ILOAD, 1);
    method.visitJumpInsn(Opcodes.IFGT, end);
    method.visitLdcInsn("value %d of part %d is missing".formatted(i, number));
    method.visitMethodInsn(Opcodes.INVOKESTATIC, name((number + i + 1) % classes), "note", "(" + STRING + ")V", false);
    method.visitLabel(end);
    method.visitVarInsn(Opcodes.ILOAD, 1);
    finish(method, Opcodes.IRETURN);
  }

  private void constant(ClassWriter writer, int number, String sql) {
    MethodVisitor method = begin(writer, "find", "()V");
    jdbc(method, number);
    method.visitLdcInsn(sql);
    sent(method, "execute");
  }

  private void concatenation(ClassWriter writer, int number, String recipe) {
    MethodVisitor method = begin(writer, "search", "(" + STRING + ")V");
    jdbc(method, number);
    method.visitVarInsn(Opcodes.ALOAD, 1);
    method.visitInvokeDynamicInsn("makeConcatWithConstants", "(" + STRING + ")" + STRING, new Handle(Opcodes.H_INVOKESTATIC,
        "java/lang/invoke/StringConcatFactory", "makeConcatWithConstants",
        "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;Ljava/lang/String;[Ljava/lang/Object;)"
            + "Ljava/lang/invoke/CallSite;", false), recipe);
    sent(method, "execute");
  }

  private void format(ClassWriter writer, int number, String sql) {
    MethodVisitor method = begin(writer, "log", "(" + STRING + ")V");
    jdbc(method, number);
    method.visitLdcInsn(sql);
    method.visitInsn(Opcodes.ICONST_2);
    method.visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
    for (int i = 0; i < 2; i++) {
      method.visitInsn(Opcodes.DUP);
      method.visitInsn(i == 0 ? Opcodes.ICONST_0 : Opcodes.ICONST_1);
      method.visitVarInsn(Opcodes.ALOAD, 1);
      method.visitInsn(Opcodes.AASTORE);
    }
    method.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/String", "format", "(" + STRING + "[Ljava/lang/Object;)" + STRING, false);
    sent(method, "execute");
  }

  private void builder(ClassWriter writer, int number, String sql) {
    MethodVisitor method = begin(writer, "change", "(Z)V");
    Label end = new Label();
    method.visitTypeInsn(Opcodes.NEW, "java/lang/StringBuilder");
    method.visitInsn(Opcodes.DUP);
    method.visitLdcInsn(sql);
    method.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/StringBuilder", "<init>", "(" + STRING + ")V", false);
    method.visitVarInsn(Opcodes.ASTORE, 2);
    method.visitVarInsn(Opcodes.ILOAD, 1);
    method.visitJumpInsn(Opcodes.IFEQ, end);
    append(method, ", closed = true");
    method.visitLabel(end);
    append(method, " where id = ?");
    jdbc(method, number);
    method.visitVarInsn(Opcodes.ALOAD, 2);
    method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/StringBuilder", "toString", "()" + STRING, false);
    sent(method, "execute");
  }

  private static void append(MethodVisitor method, String text) {
    method.visitVarInsn(Opcodes.ALOAD, 2);
    method.visitLdcInsn(text);
    method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/StringBuilder", "append", "(" + STRING + ")Ljava/lang/StringBuilder;", false);
    method.visitInsn(Opcodes.POP);
  }

  private static void jdbc(MethodVisitor method, int number) {
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitFieldInsn(Opcodes.GETFIELD, name(number), "jdbc", "L" + JDBC + ";");
  }

  private static MethodVisitor begin(ClassWriter writer, String name, String descriptor) {
    MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC, name, descriptor, null, null);
    method.visitCode();
    Label line = new Label();
    method.visitLabel(line);
    method.visitLineNumber(List.of(name).hashCode() & 0x3ff | 1, line);
    return method;
  }

  private static void sent(MethodVisitor method, String name) {
    method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, JDBC, name, "(" + STRING + ")V", false);
    finish(method, Opcodes.RETURN);
  }

  private static void finish(MethodVisitor method, int instruction) {
    method.visitInsn(instruction);
    method.visitMaxs(0, 0);
    method.visitEnd();
  }
}
