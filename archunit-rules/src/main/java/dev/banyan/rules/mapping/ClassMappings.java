package dev.banyan.rules.mapping;

import dev.banyan.rules.bytecode.AnnotationValues;
import dev.banyan.rules.bytecode.ClassFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;

/** The tables and associations that the annotations of one class map, of JPA and Spring Data, known by name. */
public final class ClassMappings {

  private static final String JPA = "(jakarta|javax)\\.persistence\\.";
  private static final Pattern TABLE = Pattern.compile(
      JPA + "(Table|SecondaryTable|JoinTable|CollectionTable)|org\\.springframework\\.data\\.relational\\.core\\.mapping\\.Table");
  private static final Pattern GENERATOR = Pattern.compile(JPA + "(Sequence|Table)Generator");
  private static final Pattern ASSOCIATION = Pattern.compile(
      JPA + "(ManyToOne|OneToOne|OneToMany|ManyToMany|ElementCollection)"
          + "|org\\.springframework\\.data\\.relational\\.core\\.mapping\\.MappedCollection");
  private static final Pattern IDENTIFIER = Pattern.compile("org\\.springframework\\.data\\.annotation\\.Id");
  private static final Pattern RELATIONAL = Pattern.compile("org\\.springframework\\.data\\.relational\\.core\\.mapping\\.Table");
  private static final Pattern MAP_KEY = Pattern.compile(JPA + "MapKey(JoinColumns?|Class)");
  private static final Pattern FIRST_ARGUMENT = Pattern.compile("<L([\\w/$]+);");
  private static final Pattern ENTITY = Pattern.compile(JPA + "Entity");
  private static final Pattern ARGUMENT = Pattern.compile("L([\\w/$]+);>+;?$");

  private final ClassFile file;
  private final List<Mapping> mappings = new ArrayList<>();
  private final List<Association> associations = new ArrayList<>();

  private ClassMappings(ClassFile file) {
    this.file = file;
  }

  /** Reads the mappings of a class. */
  public static ClassMappings of(ClassFile file) {
    var mappings = new ClassMappings(file);
    file.forEachAnnotation(mappings::table);
    file.node().fields.forEach(mappings::field);
    file.node().methods.forEach(mappings::getter);
    mappings.inherited();
    if (find(file, RELATIONAL).isPresent() || aggregate(file).isPresent()) {
      file.node().fields.forEach(mappings::held);
    }
    return mappings;
  }

  /** Returns the entity that a class is. */
  public static Optional<Entity> entity(ClassFile file) {
    Optional<AnnotationValues> relational = find(file, RELATIONAL);
    return find(file, ENTITY).or(() -> relational).or(() -> aggregate(file)).map(entity -> {
      String simple = simpleName(file.name());
      String name = ENTITY.matcher(entity.type()).matches() ? entity.text("name").orElse(simple) : simple;
      Optional<AnnotationValues> table = find(file, TABLE);
      return new Entity(file.name(), name, Naming.candidates(table.flatMap(t -> t.text("schema", "catalog")).orElse(""),
          table.flatMap(t -> t.text("name", "value")).orElse(name)));
    });
  }

  /** Spring Data takes any class with an identifier for one, unless an annotation says that it lies elsewhere than in a table. */
  private static Optional<AnnotationValues> aggregate(ClassFile file) {
    boolean elsewhere = file.onClass().stream().anyMatch(annotation -> annotation.type().startsWith("org.springframework.data."));
    return elsewhere ? Optional.empty() : file.node().fields.stream().flatMap(field -> ClassFile.on(field).stream())
        .filter(annotation -> IDENTIFIER.matcher(annotation.type()).matches()).findFirst();
  }

  /** Returns the mapped tables. */
  public List<Mapping> mappings() {
    return List.copyOf(mappings);
  }

  /** Returns what reaches other entities. */
  public List<Association> associations() {
    return List.copyOf(associations);
  }

  private static Optional<AnnotationValues> find(ClassFile file, Pattern type) {
    return file.onClass().stream().filter(annotation -> type.matcher(annotation.type()).matches()).findFirst();
  }

  private static String simpleName(String name) {
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
  }

  private void table(AnnotationValues annotation, String where) {
    Optional<String> name = TABLE.matcher(annotation.type()).matches() ? annotation.text("name", "value")
        : GENERATOR.matcher(annotation.type()).matches() ? annotation.text("sequenceName", "table") : Optional.empty();
    name.ifPresent(table -> mappings.add(
        new Mapping(annotation.simpleName(), Naming.candidates(annotation.text("schema", "catalog").orElse(""), table), where)));
  }

  /** An aggregate of Spring Data's holds other rows without any annotation. */
  private void held(FieldNode field) {
    boolean said = ClassFile.on(field).stream().anyMatch(annotation -> ASSOCIATION.matcher(annotation.type()).matches()
        || annotation.simpleName().equals("Transient"));
    Matcher argument = ARGUMENT.matcher(field.signature == null ? field.desc : field.signature);
    boolean type = field.desc.startsWith("L") && !field.desc.contains("/AggregateReference;");
    if (!said && type) {
      String target = field.signature != null && argument.find() ? argument.group(1).replace('/', '.') : Type.getType(field.desc).getClassName();
      associations.add(new Association("MappedCollection", target, "field " + field.name, field.name));
    }
  }

  private void field(FieldNode field) {
    ClassFile.on(field).forEach(annotation -> member(annotation, "field " + field.name, field.name, field.signature, field.desc,
        ClassFile.on(field)));
  }

  private void getter(MethodNode method) {
    String result = method.signature == null ? null : method.signature.substring(method.signature.indexOf(')') + 1);
    ClassFile.on(method).forEach(annotation -> member(annotation, "method " + method.name + "()", property(method.name), result,
        Type.getReturnType(method.desc).getDescriptor(), ClassFile.on(method)));
  }

  static String property(String getter) {
    String name = getter.replaceFirst("^(get|is)(?=[A-Z])", "");
    return name.isEmpty() ? getter : Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private void member(AnnotationValues annotation, String where, String property, @Nullable String signature, String descriptor,
      List<AnnotationValues> all) {
    if (MAP_KEY.matcher(annotation.type()).matches()) {
      key(signature).ifPresent(target -> associations.add(new Association(annotation.simpleName(), target, where, "")));
    }
    if (!ASSOCIATION.matcher(annotation.type()).matches()) {
      return;
    }
    if (descriptor.equals("Ljava/util/Map;") && all.stream().noneMatch(a -> MAP_KEY.matcher(a.type()).matches())) {
      key(signature).ifPresent(target -> associations.add(new Association(annotation.simpleName(), target, where, "")));
    }
    target(annotation, signature, descriptor).ifPresent(target -> associations.add(new Association(annotation.simpleName(), target,
        where, property)));
    boolean named = all.stream().anyMatch(a -> a.simpleName().equals("CollectionTable") && a.text("name").isPresent());
    if (annotation.simpleName().equals("ElementCollection") && !named) {
      String owner = entity(file).map(Entity::name).orElse(simpleName(file.name()));
      mappings.add(new Mapping("ElementCollection", Naming.candidates("", owner + "_" + property), where));
    }
  }

  /** {@code Map<Account, String>}: the key is an entity as well. */
  private static Optional<String> key(@Nullable String signature) {
    Matcher argument = FIRST_ARGUMENT.matcher(signature == null ? "" : signature);
    return argument.find() ? Optional.of(argument.group(1).replace('/', '.')) : Optional.empty();
  }

  private static Optional<String> target(AnnotationValues annotation, @Nullable String signature, String descriptor) {
    Optional<String> said = annotation.className("targetEntity").or(() -> annotation.className("targetClass"))
        .filter(name -> !name.equals("void"));
    Matcher argument = ARGUMENT.matcher(signature == null ? "" : signature);
    Optional<String> generic = argument.find() ? Optional.of(argument.group(1).replace('/', '.')) : Optional.empty();
    return said.or(() -> generic).or(() -> descriptor.startsWith("L") ? Optional.of(Type.getType(descriptor).getClassName())
        : Optional.empty());
  }

  private void inherited() {
    if (find(file, ENTITY).isPresent() && !file.node().superName.equals("java/lang/Object")) {
      associations.add(new Association("Entity", file.node().superName.replace('/', '.'), "its superclass", ""));
    }
  }
}
