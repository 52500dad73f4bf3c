package dev.banyan.rules.mapping;

import dev.banyan.rules.bytecode.AnnotationValues;
import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.bytecode.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.objectweb.asm.tree.MethodNode;

/**
 * The paths over associations that nobody writes into a query: those in the names of a Spring Data repository's methods,
 * {@code findByOwnerName}, and those that an entity graph loads.
 *
 * @see <a href="https://docs.spring.io/spring-data/jpa/reference/repositories/query-methods-details.html">Spring Data, property expressions</a>
 */
public final class RepositoryPaths {

  /**
   * A path from the entity on.
   *
   * @param where the member that goes it
   * @param path for instance {@code owner.name}, with a plus sign behind it where it is joined as a whole
   */
  public record Way(String where, String path) {}

  private static final Pattern DERIVED = Pattern.compile("(?:find|read|get|query|search|stream|count|exists|delete|remove)(?:\\p{Lu}.*?)??By(\\p{Lu}.*)");
  private static final Pattern CONJUNCTION = Pattern.compile("(?:And|Or)(?=\\p{Lu})");
  private static final Pattern DIRECTION = Pattern.compile("(?:Asc|Desc)(?=\\p{Lu}|$)");
  private static final Pattern IGNORING = Pattern.compile("(?:All)?Ignor(?:e|ing)Case$");
  /** What a property is compared by, the longest first. */
  private static final Pattern COMPARISON = Pattern.compile("(?:(?:Is|Not)*(?:NotNull|Null|Between|LessThanEqual|LessThan|GreaterThanEqual|GreaterThan"
      + "|Before|After|Like|StartingWith|StartsWith|EndingWith|EndsWith|Empty|Containing|Contains|In|Near|Within|MatchesRegex|Matches|Regex|True"
      + "|False|Exists|Equals)|IsNot|Not|Is)$");

  private final EntityModel entities;
  private final String entity;
  private final List<Way> ways = new ArrayList<>();

  private RepositoryPaths(EntityModel entities, String entity) {
    this.entities = entities;
    this.entity = entity;
  }

  /** Returns those of a repository. */
  public static List<Way> ofRepository(ClassFile repository, Entity entity, EntityModel entities) {
    var paths = new RepositoryPaths(entities, entity.className());
    repository.node().methods.forEach(method -> paths.method(method, Members.describe(repository.node(), method)));
    return List.copyOf(paths.ways);
  }

  /** Returns those of the graphs that an entity has names for. */
  public static List<Way> ofGraphs(ClassFile file) {
    List<Way> ways = new ArrayList<>();
    file.forEachAnnotation((annotation, where) -> {
      if (annotation.simpleName().equals("NamedEntityGraph")) {
        annotation.nested("attributeNodes").forEach(node -> node.text("value").ifPresent(name -> ways.add(new Way(where, name + "+"))));
      }
    });
    return ways;
  }

  private void method(MethodNode method, String where) {
    List<AnnotationValues> annotations = ClassFile.on(method);
    annotations.stream().filter(annotation -> annotation.simpleName().equals("EntityGraph"))
        .forEach(graph -> graph.texts("attributePaths").forEach(path -> ways.add(new Way(where, path + "+"))));
    boolean written = annotations.stream().anyMatch(annotation -> annotation.simpleName().endsWith("Query"));
    Matcher derived = DERIVED.matcher(method.name);
    if (!written && method.instructions.size() == 0 && derived.matches()) {
      properties(derived.group(1)).forEach(property -> path(entity, property, false).ifPresent(path -> ways.add(new Way(where, path))));
    }
  }

  private static List<String> properties(String predicate) {
    String[] parts = predicate.split("OrderBy", 2);
    List<String> properties = new ArrayList<>();
    for (String condition : CONJUNCTION.split(parts[0])) {
      properties.add(condition);
    }
    if (parts.length > 1) {
      properties.addAll(List.of(DIRECTION.split(parts[1])));
    }
    return properties.stream().map(property -> IGNORING.matcher(property).replaceFirst("")).filter(property -> !property.isEmpty()).toList();
  }

  /** A property goes before a path, and of paths the one with the longest beginning, as Spring Data looks them up. */
  private Optional<String> path(String from, String name, boolean bare) {
    String property = uncapitalized(name);
    if (name.isEmpty() || entities.hasProperty(from, property)) {
      return Optional.of(property).filter(found -> !found.isEmpty());
    }
    for (int end = name.length() - 1; end > 0; end--) {
      if (Character.isUpperCase(name.charAt(end)) || name.charAt(end) == '_') {
        String head = uncapitalized(name.substring(0, end));
        String rest = name.substring(end).replaceFirst("^_+", "");
        Optional<String> path = entities.attribute(from, head).flatMap(attribute -> path(attribute.target(), rest, true)).map(tail -> head + "." + tail);
        if (path.isPresent()) {
          return path;
        }
      }
    }
    String compared = COMPARISON.matcher(name).replaceFirst("");
    return compared.equals(name) ? Optional.of(property).filter(plain -> bare) : path(from, compared, bare);
  }

  private static String uncapitalized(String name) {
    return name.isEmpty() ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }
}
