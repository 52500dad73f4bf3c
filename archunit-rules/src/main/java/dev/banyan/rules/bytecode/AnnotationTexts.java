package dev.banyan.rules.bytecode;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The strings of annotations. Those of the known frameworks are taken for what they are, all others may be SQL. */
final class AnnotationTexts {

  private record Known(Pattern type, Set<String> attributes, Meaning meaning) {

    private Known(String type, Set<String> attributes, Meaning meaning) {
      this(Pattern.compile(type), attributes, meaning);
    }
  }

  private static final String JPA = "(jakarta|javax)\\.persistence\\.";
  private static final String HIBERNATE = "org\\.hibernate\\.annotations\\.";
  private static final String SPRING_DATA_JPA = "org.springframework.data.jpa.repository.Query";
  private static final Pattern MYBATIS = Pattern.compile("org\\.apache\\.ibatis\\.annotations\\.(Select|Insert|Update|Delete|SelectKey)");
  /** A result that calls a statement of this mapper, or by its full name of another one. */
  private static final Pattern MYBATIS_CALL = Pattern.compile("org\\.apache\\.ibatis\\.annotations\\.(One|Many)");
  private static final Pattern NO_STATEMENT = Pattern.compile(JPA + "(Table|SecondaryTable|JoinTable|CollectionTable|Column|JoinColumn|"
      + "SequenceGenerator|TableGenerator|GeneratedValue|Entity|.*Mapping|.*Result)|org\\.springframework\\.data\\.relational\\.core\\.mapping\\..*");

  /** {@code bigint default nextval('orders.number')}: what stands behind the type. */
  private static final Pattern BEHIND_TYPE = Pattern.compile("(?is)\\b(default|references|generated|check)\\b.*");

  /** {@code ${sql}} is none: it is a statement that is put in at run time. */
  private static final Pattern NAME = Pattern.compile("[\\w.$/#-]+");

  private static final List<Known> KNOWN = List.of(
      new Known("org\\.springframework\\.data\\.jpa\\.repository\\.NativeQuery", Set.of("value", "countQuery"), Meaning.SQL),
      new Known("org\\.springframework\\.data\\.(jdbc|r2dbc)\\.repository\\.(query\\.)?Query", Set.of("value"), Meaning.SQL),
      new Known("(" + JPA + "|" + HIBERNATE + ")NamedQuery", Set.of("query"), Meaning.JPQL),
      new Known("(" + JPA + "|" + HIBERNATE + ")NamedNativeQuery", Set.of("query"), Meaning.SQL),
      new Known(JPA + "NamedStoredProcedureQuery", Set.of("procedureName"), Meaning.ROUTINE),
      new Known("org\\.springframework\\.data\\.jpa\\.repository\\.query\\.Procedure", Set.of("value", "procedureName"), Meaning.ROUTINE),
      new Known("org\\.springframework\\.data\\.jpa\\.repository\\.(query\\.Procedure|NativeQuery)", Set.of("name", "countName"), Meaning.NAMED),
      new Known(HIBERNATE + "(SQLInsert|SQLUpdate|SQLDelete|SQLDeleteAll|SQLSelect)", Set.of("sql"), Meaning.SQL),
      new Known(HIBERNATE + "HQLSelect", Set.of("query"), Meaning.JPQL),
      new Known(HIBERNATE + "Subselect", Set.of("value"), Meaning.SQL),
      new Known(HIBERNATE + "Synchronize", Set.of("value"), Meaning.TABLE_READ),
      new Known(HIBERNATE + "(Formula|JoinFormula|DiscriminatorFormula|SQLRestriction|SQLJoinTableRestriction|SQLOrder)", Set.of("value"),
          Meaning.EXPRESSION),
      new Known(HIBERNATE + "(Where|WhereJoinTable|OrderBy)", Set.of("clause"), Meaning.EXPRESSION),
      new Known(HIBERNATE + "(Filter|FilterJoinTable)", Set.of("condition"), Meaning.EXPRESSION),
      new Known(HIBERNATE + "FilterDef", Set.of("defaultCondition"), Meaning.EXPRESSION),
      new Known(HIBERNATE + "ColumnDefault", Set.of("value"), Meaning.EXPRESSION),
      new Known(JPA + "ForeignKey", Set.of("foreignKeyDefinition"), Meaning.EXPRESSION),
      new Known(HIBERNATE + "Check", Set.of("constraints"), Meaning.EXPRESSION),
      new Known(HIBERNATE + "ColumnTransformer", Set.of("read", "write"), Meaning.EXPRESSION),
      new Known("org\\.jdbi\\.v3\\.sqlobject\\.statement\\.Sql(Query|Update|Batch|Call|Script)", Set.of("value"), Meaning.SQL));

  private final Set<Text> texts = new LinkedHashSet<>();

  private AnnotationTexts() {}

  static List<Text> of(ClassFile file) {
    var texts = new AnnotationTexts();
    file.forEachAnnotation((annotation, where) -> texts.take(annotation, where, file.name()));
    return List.copyOf(texts.texts);
  }

  private void take(AnnotationValues annotation, String where, String className) {
    if (NO_STATEMENT.matcher(annotation.type()).matches()) {
      annotation.text("columnDefinition").map(BEHIND_TYPE::matcher).filter(Matcher::find)
          .ifPresent(behind -> add(behind.group(), where, Meaning.EXPRESSION));
      return;
    }
    if (MYBATIS.matcher(annotation.type()).matches()) {
      add(String.join(" ", annotation.texts("SelectKey".equals(annotation.simpleName()) ? "statement" : "value")), where, Meaning.SQL);
      return;
    }
    if (MYBATIS_CALL.matcher(annotation.type()).matches()) {
      annotation.text("select").ifPresent(name -> add(name.contains(".") ? name : className + "." + name, where, Meaning.NAMED));
      return;
    }
    for (String name : annotation.names()) {
      Meaning meaning = meaning(annotation, name);
      annotation.texts(name).forEach(text -> add(text, where, meaning));
    }
  }

  private static Meaning meaning(AnnotationValues annotation, String attribute) {
    if (annotation.type().equals(SPRING_DATA_JPA)) {
      boolean query = attribute.equals("value") || attribute.equals("countQuery");
      if (attribute.equals("name") || attribute.equals("countName")) {
        return Meaning.NAMED;
      }
      return !query ? Meaning.GUESS : annotation.isSet("nativeQuery") ? Meaning.SQL : Meaning.JPQL;
    }
    Optional<Known> known = KNOWN.stream()
        .filter(each -> each.type().matcher(annotation.type()).matches() && each.attributes().contains(attribute)).findFirst();
    return known.map(Known::meaning).orElse(Meaning.GUESS);
  }

  /** A single word is the name of a statement that stands in a file, as Jdbi's locators find it. */
  private void add(String text, String where, Meaning meaning) {
    boolean name = meaning == Meaning.SQL && NAME.matcher(text.strip()).matches();
    if (!text.isBlank() && !name) {
      texts.add(new Text(text, where, 0, meaning));
    }
  }
}
