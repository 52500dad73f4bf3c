package dev.banyan.rules.bytecode.flow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The paths of values: an entity has that of its class, {@code shop.Order#}; what Criteria or Querydsl make of it has one that
 * leads on, {@code shop.Order#customer.name}. A plus stands behind what was joined: {@code shop.Order#customer+}.
 */
final class EntityValues {

  private static final String CRITERIA = "(jakarta|javax)/persistence/criteria/";
  private static final Pattern ROOTS = Pattern.compile(CRITERIA + "(AbstractQuery|CriteriaQuery|Subquery|CriteriaUpdate|CriteriaDelete)");
  private static final Pattern PATHS = Pattern.compile(CRITERIA + "(Root|From|Path|Join|Fetch|FetchParent|\\w+Join|Expression)"
      + "|org/hibernate/query/criteria/Jpa\\w*(Root|From|Path|Join|Fetch\\w*)");
  private static final Pattern ROOT_OF = Pattern.compile(
      "L(?:" + CRITERIA + "(?:Root|From|Path|Join)|com/querydsl/core/types/EntityPath)<(?:[^;]*;)?L([\\w/$]+);>;");
  private static final String QUERYDSL_ENTITY = "com/querydsl/core/types/dsl/EntityPathBase";
  private static final Pattern GENERATED_FOR = Pattern.compile(QUERYDSL_ENTITY + "<L([\\w/$]+);>");
  private static final Type OBJECT = Type.getType(Object.class);
  private static final String METAMODEL = "persistence/metamodel/";

  private final Function<String, @Nullable ClassNode> classes;
  private final Set<String> entities;
  private final Map<String, Optional<String>> generated = new HashMap<>();

  /** Creates them over classes, and over the entities among these; both by internal names. */
  EntityValues(Function<String, @Nullable ClassNode> classes, Set<String> entities) {
    this.classes = classes;
    this.entities = Set.copyOf(entities);
  }

  /** Tells whether there is anything to follow at all. */
  boolean isEmpty() {
    return entities.isEmpty();
  }

  /** Returns the path of a value of a type; null if it is no entity and nothing generated for one. */
  @Nullable String ofType(Type type) {
    return type.getSort() == Type.OBJECT ? ofClass(type.getInternalName()) : null;
  }

  private @Nullable String ofClass(String name) {
    if (isEmpty()) {
      return null;
    }
    if (entities.contains(name)) {
      return name.replace('/', '.') + "#";
    }
    return generatedFor(name).map(entity -> entity + "#").orElse(null);
  }

  /** Returns the entity that a class of Querydsl's was generated for. */
  Optional<String> generatedFor(String name) {
    return isEmpty() ? Optional.empty() : generated.computeIfAbsent(name, key -> Optional.ofNullable(classes.apply(key))
        .filter(EntityValues::isGenerated).map(node -> String.valueOf(node.signature)).flatMap(EntityValues::argument));
  }

  static boolean isGenerated(ClassNode node) {
    return QUERYDSL_ENTITY.equals(node.superName);
  }

  private static Optional<String> argument(String signature) {
    Matcher matcher = GENERATED_FOR.matcher(signature);
    return matcher.find() ? Optional.of(matcher.group(1).replace('/', '.')) : Optional.empty();
  }

  /** Returns the path of a parameter, by the type that its method or its variable was declared with. */
  static @Nullable String ofVariable(MethodNode method, int local) {
    if (method.localVariables == null) {
      return null;
    }
    for (LocalVariableNode variable : method.localVariables) {
      if (variable.index == local && variable.signature != null) {
        Matcher matcher = ROOT_OF.matcher(variable.signature);
        return matcher.matches() ? matcher.group(matcher.groupCount()).replace('/', '.') + "#" : null;
      }
    }
    return null;
  }

  /** Returns the path that a field leads to: {@code QOrder.order.customer}, {@code Order_.customer}. */
  @Nullable String ofField(FieldInsnNode field, @Nullable FlowValue holder) {
    if (isEmpty()) {
      return null;
    }
    if (holder != null && holder.path() != null && generatedFor(field.owner).isPresent()) {
      return step(holder.path(), field.name);
    }
    String entity = field.owner.substring(0, field.owner.length() - 1);
    boolean attribute = field.desc.contains(METAMODEL) && field.owner.endsWith("_") && entities.contains(entity);
    return attribute ? entity.replace('/', '.') + "#" + field.name : ofType(Type.getType(field.desc));
  }

  /** Returns the path that a call gives back. */
  @Nullable String ofCall(MethodInsnNode call, List<? extends FlowValue> values) {
    if (isEmpty()) {
      return null;
    }
    if (call.name.equals("from") && values.size() == 2 && ROOTS.matcher(call.owner).matches()) {
      String name = only(values.get(1));
      return values.get(1).path() != null ? values.get(1).path() : name == null ? null : name + "#";
    }
    return isStep(call) && values.size() > 1 ? led(call, values.get(0), values.get(1))
        : Type.getReturnType(call.desc).equals(OBJECT) ? given(values) : ofType(Type.getReturnType(call.desc));
  }

  /** {@code find(Account.class, 1)} and {@code merge(account)} give back what they are called with, whatever their descriptor says. */
  private @Nullable String given(List<? extends FlowValue> values) {
    for (FlowValue value : values) {
      String name = only(value);
      if (value.path() != null || name != null && entities.contains(name.replace('.', '/'))) {
        return value.path() != null ? value.path() : name + "#";
      }
    }
    return null;
  }

  private static @Nullable String led(MethodInsnNode call, FlowValue from, FlowValue attribute) {
    String name = attribute.path() == null ? only(attribute) : attribute.path().substring(attribute.path().indexOf('#') + 1);
    String path = from.path() == null ? attribute.path() : name == null ? null : step(from.path(), name);
    return path == null ? null : path + (isJoin(call) ? "+" : "");
  }

  /** Tells whether a call of Criteria leads from one path to another. */
  static boolean isStep(MethodInsnNode call) {
    return (call.name.equals("get") || isJoin(call)) && PATHS.matcher(call.owner).matches();
  }

  static boolean isJoin(MethodInsnNode call) {
    return call.name.matches("(join|fetch)\\w*") && PATHS.matcher(call.owner).matches();
  }

  /** Returns the name that a step goes by; null if it is put in at run time. */
  static @Nullable String attribute(List<FlowValue> values) {
    return values.size() > 1 ? only(values.get(1)) : null;
  }

  /** Tells whether a path leads over an association, as far as can be told without its entity: it has two steps that nothing has joined. */
  static boolean isLong(@Nullable String path) {
    return path != null && path.substring(Math.max(path.indexOf('#'), path.lastIndexOf('+') + 1) + 1).indexOf('.') > 0;
  }

  private static String step(String path, String attribute) {
    return path + (path.endsWith("#") ? "" : ".") + attribute;
  }

  private static @Nullable String only(FlowValue value) {
    List<Fragment> texts = value.texts().all();
    return texts.size() != 1 || texts.get(0).isHole() ? null : texts.get(0).text();
  }
}
