package dev.banyan.rules.bytecode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;

/** One compiled class, as read from its file. */
public record ClassFile(ClassNode node) {

  /** Reads a class file. */
  public static ClassFile read(byte[] bytes) {
    var node = new LeanNode();
    new ClassReader(bytes).accept(node, ClassReader.SKIP_FRAMES);
    return new ClassFile(node);
  }

  /** Returns the name as it stands in source, with {@code $} for nested classes. */
  public String name() {
    return node.name.replace('/', '.');
  }

  /** Returns the package, empty for none. */
  public String packageName() {
    return name().substring(0, Math.max(0, name().lastIndexOf('.')));
  }

  /** Calls for each annotation of the class and its members, nested ones as well, with where it stands. */
  public void forEachAnnotation(BiConsumer<AnnotationValues, String> action) {
    onClass().forEach(annotation -> walk(annotation, "its annotations", action));
    node.fields.forEach(field -> on(field).forEach(annotation -> walk(annotation, "field " + field.name, action)));
    for (MethodNode method : node.methods) {
      List<AnnotationValues> annotations = new ArrayList<>(on(method));
      annotations.addAll(ofParameters(method));
      if (!annotations.isEmpty()) {
        String where = Members.describe(node, method);
        annotations.forEach(annotation -> walk(annotation, where, action));
      }
    }
  }

  private static void walk(AnnotationValues annotation, String where, BiConsumer<AnnotationValues, String> action) {
    action.accept(annotation, where);
    annotation.nested().forEach(nested -> walk(nested, where, action));
  }

  /** Returns the annotations of the class itself. */
  public List<AnnotationValues> onClass() {
    return values(node.visibleAnnotations, node.invisibleAnnotations);
  }

  /** Returns the annotations of a field. */
  public static List<AnnotationValues> on(FieldNode field) {
    return values(field.visibleAnnotations, field.invisibleAnnotations);
  }

  /** Returns the annotations of a method. */
  public static List<AnnotationValues> on(MethodNode method) {
    return values(method.visibleAnnotations, method.invisibleAnnotations);
  }

  private static List<AnnotationValues> ofParameters(MethodNode method) {
    if (method.visibleParameterAnnotations == null && method.invisibleParameterAnnotations == null) {
      return List.of();
    }
    List<AnnotationValues> all = new ArrayList<>();
    Stream.of(method.visibleParameterAnnotations, method.invisibleParameterAnnotations).filter(lists -> lists != null)
        .forEach(lists -> Stream.of(lists).forEach(list -> all.addAll(values(list, null))));
    return all;
  }

  private static List<AnnotationValues> values(@Nullable List<AnnotationNode> visible, @Nullable List<AnnotationNode> invisible) {
    if (visible == null && invisible == null) {
      return List.of();
    }
    return Stream.of(visible == null ? List.<AnnotationNode>of() : visible, invisible == null ? List.<AnnotationNode>of() : invisible)
        .flatMap(List::stream).map(AnnotationValues::new).toList();
  }
}
