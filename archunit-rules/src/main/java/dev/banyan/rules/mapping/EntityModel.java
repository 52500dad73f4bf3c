package dev.banyan.rules.mapping;

import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.sql.EntityPaths;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.objectweb.asm.Type;

/** The entities of a code base, by class and by the name that queries use. */
public final class EntityModel implements EntityPaths {

  /** In {@code interface Accounts extends JpaRepository<Account, Long>} the entity among the arguments is the domain class. */
  private static final Pattern SUPERTYPE = Pattern.compile("L([\\w/$]+)<([^>]*)>");
  private static final Pattern ARGUMENT = Pattern.compile("L([\\w/$]+);");
  private static final int DEEPEST = 8;

  private static final Pattern DEFINITION = Pattern.compile("org\\.springframework\\.data\\.repository\\.RepositoryDefinition");

  private static final Pattern PART = Pattern.compile("(jakarta|javax)\\.persistence\\.(MappedSuperclass|Embeddable)");

  private final Map<String, ClassFile> files = new HashMap<>();
  private final Map<String, Attributes> attributes = new HashMap<>();
  private final Map<String, Entity> byClass = new LinkedHashMap<>();
  private final Map<String, Entity> byName = new LinkedHashMap<>();

  /** Collects the entities among classes. */
  public EntityModel(Collection<ClassFile> classes) {
    classes.forEach(file -> files.put(file.name(), file));
    classes.forEach(file -> ClassMappings.entity(file).ifPresent(this::add));
  }

  private void add(Entity entity) {
    byClass.put(entity.className(), entity);
    byName.putIfAbsent(entity.name(), entity);
  }

  /** Returns all entities. */
  public Collection<Entity> all() {
    return List.copyOf(byClass.values());
  }

  /** Returns the entity of a class. */
  public Optional<Entity> ofClass(String className) {
    return Optional.ofNullable(byClass.get(className));
  }

  /** Returns the entity that a query names, by its short or full name. */
  public Optional<Entity> named(String name) {
    return Optional.ofNullable(byName.get(name)).or(() -> ofClass(name));
  }

  /** Returns the mapped superclasses of a class and what is embedded in it: what they map lies in its table. */
  public List<ClassFile> partsOf(ClassFile file) {
    Map<String, ClassFile> parts = new LinkedHashMap<>();
    collectParts(file, parts);
    return List.copyOf(parts.values());
  }

  private void collectParts(ClassFile file, Map<String, ClassFile> parts) {
    Stream.concat(Stream.of(String.valueOf(file.node().superName)), file.node().fields.stream().map(field -> Type.getType(field.desc).getInternalName()))
        .map(name -> files.get(name.replace('/', '.'))).filter(part -> part != null && isPart(part))
        .filter(part -> parts.putIfAbsent(part.name(), part) == null).forEach(part -> collectParts(part, parts));
  }

  private static boolean isPart(ClassFile file) {
    return file.onClass().stream().anyMatch(annotation -> PART.matcher(annotation.type()).matches());
  }

  /** Returns the entity that a Spring Data repository is for. */
  public Optional<Entity> ofRepository(ClassFile file) {
    Optional<String> defined = file.onClass().stream().filter(annotation -> DEFINITION.matcher(annotation.type()).matches())
        .findFirst().flatMap(annotation -> annotation.className("domainClass"));
    return defined.flatMap(this::ofClass).or(() -> argument(file.node().signature == null ? "" : file.node().signature));
  }

  private Optional<Entity> argument(String signature) {
    return SUPERTYPE.matcher(signature).results().filter(supertype -> isRepository(supertype.group(1), 0))
        .flatMap(supertype -> ARGUMENT.matcher(supertype.group(2)).results())
        .flatMap(argument -> ofClass(argument.group(1).replace('/', '.')).stream()).findFirst();
  }

  /** A base of one's own, of whatever name, extends one of the library's. */
  private boolean isRepository(String name, int depth) {
    ClassFile own = files.get(name.replace('/', '.'));
    return name.endsWith("Repository") || own != null && depth < DEEPEST
        && own.node().interfaces.stream().anyMatch(above -> isRepository(above, depth + 1));
  }

  /** Tells whether the entity's class, or one that it inherits from, has an attribute of this name. */
  boolean hasProperty(String entity, String name) {
    ClassFile file = files.get(named(entity).map(Entity::className).orElse(entity));
    for (int depth = 0; file != null && depth < DEEPEST; depth++) {
      if (file.node().fields.stream().anyMatch(field -> field.name.equals(name))
          || file.node().methods.stream().anyMatch(method -> ClassMappings.property(method.name).equals(name))) {
        return true;
      }
      file = files.get(String.valueOf(file.node().superName).replace('/', '.'));
    }
    return false;
  }

  /** Returns an entity with an association of this name, where all that have one lead to the same class by it. */
  public Optional<String> withAssociation(String name) {
    Map<String, String> holders = new HashMap<>();
    byClass.keySet().forEach(entity -> attribute(entity, name).ifPresent(attribute -> holders.put(attribute.target(), entity)));
    return holders.size() == 1 ? holders.values().stream().findFirst() : Optional.empty();
  }

  @Override
  public Optional<Attribute> attribute(String entity, String name) {
    return attributesOf(entity).flatMap(known -> known.reaching(name))
        .filter(attribute -> attribute.kind() == Kind.EMBEDDED || byClass.containsKey(attribute.target()));
  }

  @Override
  public boolean isIdentifier(String entity, String name) {
    return attributesOf(entity).filter(known -> known.isIdentifier(name)).isPresent();
  }

  private Optional<Attributes> attributesOf(String name) {
    String className = named(name).map(Entity::className).orElse(name);
    return Optional.ofNullable(files.get(className)).map(file -> attributes.computeIfAbsent(className, key -> Attributes.of(file, files::get)));
  }
}
