package dev.banyan.rules.bytecode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * The methods that give MyBatis its statements: {@code @SelectProvider(type = AccountSql.class, method = "find")}. Without a name it is
 * the method that is called like the mapper's own, where the class is a {@code ProviderMethodResolver}, or else {@code provideSql}.
 *
 * @see <a href="https://mybatis.org/mybatis-3/java-api.html">MyBatis, Mapper Annotations</a>
 */
public final class Providers {

  /**
   * A method of a mapper that gets its statement from another class.
   *
   * @param where the mapper's method
   * @param provider the name of the other class
   * @param method of that class
   */
  public record Use(String where, String provider, String method) {}

  private static final Pattern ANNOTATION = Pattern.compile("org\\.apache\\.ibatis\\.annotations\\.(Select|Insert|Update|Delete)Provider");
  private static final String RESOLVER = "org/apache/ibatis/builder/annotation/ProviderMethodResolver";
  private static final String DEFAULT = "provideSql";
  private static final int DEEPEST = 8;

  private final Map<String, ClassNode> classes = new HashMap<>();
  private final Map<String, List<Use>> uses = new HashMap<>();
  private final Set<String> methods = new HashSet<>();

  /** Collects the providers that the mappers among classes name. */
  public Providers(Collection<ClassFile> files) {
    files.forEach(file -> classes.put(file.node().name, file.node()));
    files.forEach(file -> uses.put(file.name(), usesIn(file)));
    uses.values().forEach(each -> each.forEach(use -> declaring(use).ifPresent(node -> methods.add(node.name + "." + use.method()))));
  }

  /** Returns the methods of a mapper that have one. */
  public List<Use> of(ClassFile mapper) {
    return uses.getOrDefault(mapper.name(), List.of());
  }

  private List<Use> usesIn(ClassFile mapper) {
    List<Use> uses = new ArrayList<>();
    for (MethodNode method : mapper.node().methods) {
      ClassFile.on(method).stream().filter(annotation -> ANNOTATION.matcher(annotation.type()).matches()).forEach(annotation -> annotation
          .className("type").or(() -> annotation.className("value"))
          .ifPresent(type -> uses.add(new Use(Members.describe(mapper.node(), method), type, named(annotation, type, method)))));
    }
    return uses;
  }

  private String named(AnnotationValues annotation, String type, MethodNode method) {
    return annotation.text("method").orElseGet(() -> isResolver(type.replace('.', '/'), 0) ? method.name : DEFAULT);
  }

  private boolean isResolver(String type, int depth) {
    ClassNode node = classes.get(type);
    return type.equals(RESOLVER) || node != null && depth < DEEPEST
        && (node.interfaces.stream().anyMatch(above -> isResolver(above, depth + 1)) || node.superName != null && isResolver(node.superName, depth + 1));
  }

  /** Tells whether what a method gives back is a statement. */
  public boolean isProvider(String owner, String method) {
    return methods.contains(owner + "." + method);
  }

  /** Returns the class that declares a provider's method; nothing where it was not read. */
  public Optional<ClassNode> declaring(Use use) {
    ClassNode node = classes.get(use.provider().replace('.', '/'));
    while (node != null && node.methods.stream().noneMatch(method -> method.name.equals(use.method()))) {
      node = node.superName == null ? null : classes.get(node.superName);
    }
    return Optional.ofNullable(node);
  }

  /** Returns the anonymous classes that a provider's method makes: {@code new SQL() {{ FROM("account"); }}}. */
  public List<ClassNode> madeBy(ClassNode provider, String method) {
    List<ClassNode> made = new ArrayList<>();
    provider.methods.stream().filter(each -> each.name.equals(method)).forEach(each -> each.instructions.forEach(instruction -> {
      if (instruction instanceof TypeInsnNode type && type.getOpcode() == Opcodes.NEW && type.desc.startsWith(provider.name + "$") && classes.containsKey(type.desc)) {
        made.add(classes.get(type.desc));
      }
    }));
    return made;
  }
}
