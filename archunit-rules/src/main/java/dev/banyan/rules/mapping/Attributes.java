package dev.banyan.rules.mapping;

import dev.banyan.rules.bytecode.AnnotationValues;
import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.sql.EntityPaths.Attribute;
import dev.banyan.rules.sql.EntityPaths.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;

/** The attributes of one class, with those it inherits: which lead to others, and which identify it. */
final class Attributes {

  private static final Set<String> EMBEDDED = Set.of("Embedded", "EmbeddedId");
  private static final Set<String> IDENTIFIERS = Set.of("Id", "EmbeddedId");

  private final Map<String, Attribute> reaching = new HashMap<>();
  private final Set<String> identifiers = new HashSet<>();

  private Attributes() {}

  static Attributes of(ClassFile file, Function<String, @Nullable ClassFile> classes) {
    var attributes = new Attributes();
    Set<String> seen = new HashSet<>();
    for (ClassFile each = file; each != null && seen.add(each.name()); each = classes.apply(superName(each))) {
      attributes.take(each);
    }
    return attributes;
  }

  private static String superName(ClassFile file) {
    return file.node().superName == null ? "" : file.node().superName.replace('/', '.');
  }

  Optional<Attribute> reaching(String name) {
    return Optional.ofNullable(reaching.get(name));
  }

  boolean isIdentifier(String name) {
    return identifiers.contains(name);
  }

  private void take(ClassFile file) {
    ClassMappings.of(file).associations().stream().filter(association -> !association.property().isEmpty())
        .forEach(association -> reaching.putIfAbsent(association.property(), attribute(association)));
    file.node().fields.forEach(field -> member(field.name, field.desc, ClassFile.on(field)));
    file.node().methods.forEach(method -> member(ClassMappings.property(method.name), Type.getReturnType(method.desc).getDescriptor(),
        ClassFile.on(method)));
  }

  private static Attribute attribute(Association association) {
    Kind kind = association.annotation().equals("ElementCollection") ? Kind.EMBEDDED : association.isToMany() ? Kind.MANY : Kind.ONE;
    return new Attribute(association.target(), kind);
  }

  private void member(String property, String descriptor, List<AnnotationValues> annotations) {
    Set<String> names = new HashSet<>();
    annotations.forEach(annotation -> names.add(annotation.simpleName()));
    if (names.stream().anyMatch(IDENTIFIERS::contains)) {
      identifiers.add(property);
    }
    if (names.stream().anyMatch(EMBEDDED::contains)) {
      reaching.putIfAbsent(property, new Attribute(Type.getType(descriptor).getClassName(), Kind.EMBEDDED));
    }
  }
}
