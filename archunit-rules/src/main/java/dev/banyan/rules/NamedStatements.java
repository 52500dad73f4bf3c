package dev.banyan.rules;

import dev.banyan.rules.bytecode.AnnotationValues;
import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.resource.Resources.TextFile;
import dev.banyan.rules.resource.XmlStatements;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The statements that code calls by a name: named queries of JPA, Hibernate and Spring Data, and those of MyBatis' mappers. */
final class NamedStatements {

  /** What a named text is. */
  enum Kind { SQL, JPQL, ROUTINE }

  /**
   * A statement that has a name.
   *
   * @param owner the class that it is declared in or for, empty if none
   * @param kind what it is
   * @param text the statement, or the name of the procedure
   */
  record Named(String owner, Kind kind, String text) {}

  private static final Pattern ANNOTATION = Pattern.compile(
      "(?:(?:jakarta|javax)\\.persistence|org\\.hibernate\\.annotations)\\.Named(Native|StoredProcedure)?Query");
  private static final Pattern MAPPED = Pattern.compile("org\\.apache\\.ibatis\\.annotations\\.(Select|Insert|Update|Delete)");
  private static final Pattern METHOD = Pattern.compile("method (\\w+)\\(.*");
  private static final Pattern OF_MAPPER = Pattern.compile("(?:select|insert|update|delete) (\\S+)");
  private static final Pattern OF_MAPPING = Pattern.compile("(?:named-query|named-native-query|named-stored-procedure-query|query|sql-query) (.+)");

  private final Collection<ClassFile> classes;
  private final Collection<TextFile> files;
  private final List<RepositoryQueries.Query> queries;
  private final Map<String, List<Named>> byShortName = new HashMap<>();
  private @Nullable Map<String, List<Named>> byName;
  private @Nullable Map<String, String> parts;

  /** Creates a list of what classes and files declare; nothing is read before somebody asks. */
  NamedStatements(Collection<ClassFile> classes, Collection<TextFile> files, List<RepositoryQueries.Query> queries) {
    this.classes = classes;
    this.files = files;
    this.queries = queries;
  }

  /** Returns what bears a name. MyBatis takes the last part of one for the whole, where only one statement has it. */
  List<Named> named(String name) {
    Map<String, List<Named>> all = byName == null ? read() : byName;
    byName = all;
    List<Named> called = byShortName.getOrDefault(name, List.of());
    return all.containsKey(name) ? all.get(name) : called.size() == 1 ? called : List.of();
  }

  private Map<String, List<Named>> read() {
    Map<String, List<Named>> found = new HashMap<>();
    classes.forEach(file -> file.forEachAnnotation((annotation, where) -> annotation(file, annotation, where, found)));
    mappers().forEach(xml -> XmlStatements.read(xml, parts()).ifPresent(items -> items.forEach(item -> item(item, found))));
    queries.stream().filter(RepositoryQueries.Query::isUsed).forEach(query -> add(found, query.name(), query.statement()));
    return found;
  }

  /** Returns the queries of Spring Data's repositories that stand in properties files. */
  List<RepositoryQueries.Query> ofRepositories() {
    return queries;
  }

  /** Returns the parts of all mappers, by their full names, which statements include. */
  Map<String, String> parts() {
    Map<String, String> known = parts;
    if (known == null) {
      known = mappers().flatMap(xml -> XmlStatements.parts(xml).entrySet().stream())
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> other));
      parts = known;
    }
    return known;
  }

  private Stream<String> mappers() {
    return files.stream().map(TextFile::text).filter(XmlStatements::isMeant);
  }

  private void annotation(ClassFile file, AnnotationValues annotation, String where, Map<String, List<Named>> found) {
    Matcher query = ANNOTATION.matcher(annotation.type());
    Matcher method = METHOD.matcher(where);
    if (query.matches()) {
      Kind kind = query.group(1) == null ? Kind.JPQL : query.group(1).equals("Native") ? Kind.SQL : Kind.ROUTINE;
      annotation.text("name").ifPresent(name -> annotation.text("query", "procedureName")
          .ifPresent(text -> add(found, name, new Named(file.name(), kind, text))));
    } else if (method.matches() && MAPPED.matcher(annotation.type()).matches()) {
      mapped(found, method.group(1), new Named(file.name(), Kind.SQL, String.join(" ", annotation.texts("value"))));
    }
  }

  private void item(XmlStatements.Item item, Map<String, List<Named>> found) {
    Matcher mapper = OF_MAPPER.matcher(item.name());
    Matcher mapping = OF_MAPPING.matcher(item.name());
    Kind kind = item.kind() == XmlStatements.Kind.JPQL ? Kind.JPQL : Kind.SQL;
    if (item.kind() == XmlStatements.Kind.CALL) {
      return;
    } else if (mapper.matches()) {
      mapped(found, mapper.group(1), new Named(item.owner(), kind, item.text()));
    } else if (mapping.matches()) {
      add(found, mapping.group(1), new Named(item.owner(), kind, item.text()));
    }
  }

  private void mapped(Map<String, List<Named>> found, String id, Named named) {
    add(found, named.owner() + "." + id, named);
    add(byShortName, id, named);
  }

  private static void add(Map<String, List<Named>> found, String name, Named named) {
    found.computeIfAbsent(name, key -> new ArrayList<>()).add(named);
  }
}
