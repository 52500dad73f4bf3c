package dev.banyan.rules.mapping;

import dev.banyan.rules.bytecode.ClassFile;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The entities of a code base, by class and by the name that queries use. */
public final class EntityModel {

  /** In {@code interface Accounts extends JpaRepository<Account, Long>} the first argument is the domain class. */
  private static final Pattern REPOSITORY = Pattern.compile("L[\\w/$]*Repository<L([\\w/$]+);");

  private final Map<String, Entity> byClass = new LinkedHashMap<>();
  private final Map<String, Entity> byName = new LinkedHashMap<>();

  /** Collects the entities among classes. */
  public EntityModel(Collection<ClassFile> classes) {
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

  /** Returns the entity that a Spring Data repository is for. */
  public Optional<Entity> ofRepository(ClassFile file) {
    String signature = file.node().signature == null ? "" : file.node().signature;
    Matcher matcher = REPOSITORY.matcher(signature);
    return matcher.find() ? ofClass(matcher.group(1).replace('/', '.')) : Optional.empty();
  }
}
