package dev.banyan.rules;

import dev.banyan.rules.bytecode.AnnotationValues;
import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.mapping.Entity;
import dev.banyan.rules.mapping.EntityModel;
import dev.banyan.rules.resource.Resources;
import dev.banyan.rules.resource.Resources.TextFile;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.objectweb.asm.tree.MethodNode;

/**
 * The queries of Spring Data's repositories that stand in a properties file, each with the repository that has a method for it. A
 * method takes the query that is called like its entity and itself, {@code Account.findOld}, or as its {@code @Query} says.
 *
 * @see <a href="https://docs.spring.io/spring-data/jpa/reference/jpa/query-methods.html">Spring Data JPA, named queries</a>
 */
final class RepositoryQueries {

  /**
   * One query, as one repository uses it.
   *
   * @param file where it stands
   * @param line in which
   * @param name its key
   * @param statement what it is, and for which repository; without one, nobody uses it
   */
  record Query(TextFile file, int line, String name, NamedStatements.Named statement) {

    boolean isUsed() {
      return !statement.owner().isEmpty();
    }
  }

  private static final Pattern DEFAULT = Pattern.compile("(?:.*/)?META-INF/(?:jpa|jdbc|r2dbc)-named-queries\\.properties");
  private static final Pattern SQL_ONLY = Pattern.compile(".*\\b(?:jdbc|r2dbc)\\b.*");
  private static final Pattern LOCATION_IN_XML = Pattern.compile("named-queries-location\\s*=\\s*\"([^\"]+)\"");
  private static final int DEEPEST = 8;

  private final Collection<ClassFile> classes;
  private final EntityModel entities;
  private final Map<String, ClassFile> byName = new HashMap<>();

  private RepositoryQueries(Collection<ClassFile> classes, EntityModel entities) {
    this.classes = classes;
    this.entities = entities;
    classes.forEach(file -> byName.put(file.node().name, file));
  }

  /** Returns those of the files that a code base takes named queries from; nearly all have none. */
  static List<Query> of(Collection<ClassFile> classes, Resources resources, EntityModel entities) {
    List<String> said = resources.properties().isEmpty() ? List.of() : locations(classes, resources);
    List<TextFile> files = resources.properties().stream()
        .filter(file -> DEFAULT.matcher(file.path()).matches() || said.stream().anyMatch(location -> ("/" + file.path()).endsWith("/" + location))).toList();
    return files.isEmpty() ? List.of() : new RepositoryQueries(classes, entities).in(files);
  }

  private static List<String> locations(Collection<ClassFile> classes, Resources resources) {
    List<String> locations = new ArrayList<>();
    classes.forEach(file -> file.onClass().forEach(annotation -> annotation.text("namedQueriesLocation").ifPresent(locations::add)));
    resources.texts().stream().filter(file -> file.path().endsWith(".xml"))
        .forEach(file -> LOCATION_IN_XML.matcher(file.text()).results().forEach(found -> locations.add(found.group(1))));
    return locations.stream().map(location -> location.replaceAll("^(?:classpath\\*?:)?/*", "")).toList();
  }

  private List<Query> in(List<TextFile> files) {
    Map<String, List<Use>> uses = uses();
    List<Query> queries = new ArrayList<>();
    files.forEach(file -> entries(file).forEach((name, text) -> queries.addAll(queries(file, name, text, uses.getOrDefault(name, List.of())))));
    return queries;
  }

  private static List<Query> queries(TextFile file, String name, String text, List<Use> uses) {
    boolean sql = SQL_ONLY.matcher(file.path()).matches();
    List<Use> all = uses.isEmpty() ? List.of(new Use("", "", false)) : uses;
    return all.stream().map(use -> new Query(file, lineOf(file, name), name, new NamedStatements.Named(use.repository(),
        sql || use.isNative() ? NamedStatements.Kind.SQL : NamedStatements.Kind.JPQL, text.replace("#{#entityName}", use.entity())))).distinct().toList();
  }

  /** A method of a repository that takes a query by a name. */
  private record Use(String repository, String entity, boolean isNative) {}

  private Map<String, List<Use>> uses() {
    Map<String, List<Use>> uses = new HashMap<>();
    classes.forEach(file -> entities.ofRepository(file)
        .ifPresent(entity -> methods(file, 0).forEach(method -> use(file, entity, method, uses))));
    return uses;
  }

  private Stream<MethodNode> methods(ClassFile repository, int depth) {
    Stream<ClassFile> above = repository.node().interfaces.stream().flatMap(name -> Optional.ofNullable(byName.get(name)).stream());
    return depth > DEEPEST ? Stream.of() : Stream.concat(repository.node().methods.stream(), above.flatMap(file -> methods(file, depth + 1)));
  }

  private static void use(ClassFile repository, Entity entity, MethodNode method, Map<String, List<Use>> uses) {
    Optional<AnnotationValues> query = ClassFile.on(method).stream().filter(annotation -> annotation.simpleName().endsWith("Query")).findFirst();
    String entityName = entity.className().substring(Math.max(entity.className().lastIndexOf('.'), entity.className().lastIndexOf('$')) + 1);
    String name = query.flatMap(annotation -> annotation.text("name")).orElse(entityName + "." + method.name);
    boolean isNative = query.filter(annotation -> annotation.simpleName().equals("NativeQuery") || annotation.isSet("nativeQuery")).isPresent();
    var use = new Use(repository.name(), entity.name(), isNative);
    add(uses, name, use);
    add(uses, query.flatMap(annotation -> annotation.text("countName")).orElse(name + ".count"), use);
  }

  private static void add(Map<String, List<Use>> uses, String name, Use use) {
    uses.computeIfAbsent(name, key -> new ArrayList<>()).add(use);
  }

  private static Map<String, String> entries(TextFile file) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(file.text()));
    } catch (IOException | IllegalArgumentException broken) {
      // What stands before the broken escape has been read; Spring would not start with such a file.
    }
    Map<String, String> entries = new TreeMap<>();
    properties.stringPropertyNames().forEach(name -> entries.put(name, properties.getProperty(name)));
    return entries;
  }

  private static int lineOf(TextFile file, String name) {
    List<String> lines = file.text().lines().toList();
    Pattern key = Pattern.compile("\\s*" + Pattern.quote(name) + "(?:\\s*[=:\\s].*)?");
    for (int i = 0; i < lines.size(); i++) {
      if (key.matcher(lines.get(i)).matches()) {
        return i + 1;
      }
    }
    return 1;
  }
}
