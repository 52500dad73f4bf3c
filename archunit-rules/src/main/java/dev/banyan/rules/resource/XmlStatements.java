package dev.banyan.rules.resource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;

/**
 * The statements and mappings of a MyBatis mapper, of {@code orm.xml}, or of Hibernate's own {@code *.hbm.xml}. The branches of dynamic SQL all stand in the
 * text, one behind the other; includes are put in.
 */
public final class XmlStatements extends XmlFiles {

  /** What an element says. */
  public enum Kind {
    /** A statement. */
    SQL,
    /** A query over entities. */
    JPQL,
    /** A table, as {@code schema.table}. */
    TABLE,
    /** An association to the entity of a class. */
    ENTITY,
    /** The name of a statement of another mapper, which a result calls. */
    CALL
  }

  /**
   * One statement or mapping.
   *
   * @param kind what it is
   * @param name the element and its id
   * @param owner the class it belongs to: the mapper's interface or the entity
   * @param text statement or table
   * @param line where it begins
   */
  public record Item(Kind kind, String name, String owner, String text, int line) {}

  private static final Set<String> STATEMENTS = Set.of("select", "insert", "update", "delete", "selectKey");
  private static final Set<String> TABLES = Set.of("table", "secondary-table", "join-table", "collection-table");
  private static final Map<String, String> GENERATORS = Map.of("sequence-generator", "sequence-name", "table-generator", "table");
  private static final Set<String> ASSOCIATIONS = Set.of("many-to-one", "one-to-one", "one-to-many", "many-to-many");
  private static final Set<String> CLASSES_OF_HIBERNATE = Set.of("class", "subclass", "joined-subclass", "union-subclass");
  private static final Set<String> TABLES_OF_HIBERNATE = Set.of("join", "set", "list", "bag", "idbag", "map", "array", "many-to-many", "id-bag");
  private static final Set<String> STATEMENTS_OF_HIBERNATE = Set.of("sql-query", "sql-insert", "sql-update", "sql-delete", "sql-delete-all",
      "subselect", "query");
  private static final Pattern INCLUDE = Pattern.compile("\\{\\{include:([^}]*)}}((?:\\s*\\{\\{property:[^}]*}})*)");
  private static final Pattern PROPERTY = Pattern.compile("\\{\\{property:([^=}]*)=([^}]*)}}");

  private final List<Item> items = new ArrayList<>();
  private final Map<String, String> parts = new HashMap<>();
  private final Deque<StringBuilder> texts = new ArrayDeque<>();
  private final Deque<Integer> lines = new ArrayDeque<>();
  private final Deque<String> names = new ArrayDeque<>();
  private @Nullable Locator locator;
  private String owner = "";
  private String basePackage = "";
  private String schema = "";
  private String root = "";
  private String namespace = "";

  private XmlStatements() {}

  /** Tells whether a file means to be a mapper or a mapping. */
  public static boolean isMeant(String xml) {
    return xml.contains("<mapper") || xml.contains("<entity-mappings") || xml.contains("<hibernate-mapping");
  }

  /**
   * Reads a file: no items if it is neither a mapper nor a mapping; nothing if it is no XML.
   *
   * @param others the parts of other mappers, by their full names
   */
  public static Optional<List<Item>> read(String xml, Map<String, String> others) {
    return parsed(xml).map(reader -> reader.items.stream().map(item -> reader.included(item, others)).toList());
  }

  /** Returns the parts of a mapper, by their full names, which other ones may include. */
  public static Map<String, String> parts(String xml) {
    Map<String, String> named = new HashMap<>();
    parsed(xml).ifPresent(reader -> reader.parts.forEach((name, text) -> named.put(reader.namespace + "." + name, text)));
    return named;
  }

  private static Optional<XmlStatements> parsed(String xml) {
    var reader = new XmlStatements();
    try {
      parse(xml, reader);
    } catch (SAXException notXml) {
      return Optional.empty();
    }
    return Optional.of(reader);
  }

  private Item included(Item item, Map<String, String> others) {
    String text = item.text();
    for (int depth = 0; depth < 8 && INCLUDE.matcher(text).find(); depth++) {
      text = INCLUDE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(
          Optional.ofNullable(parts.getOrDefault(local(match.group(1)), others.get(match.group(1))))
              .map(part -> withProperties(part, match.group(2))).orElse("${include}")));
    }
    return new Item(item.kind(), item.name(), item.owner(), text, item.line());
  }

  /** The part of another mapper with the same name is another one. */
  private String local(String part) {
    return !namespace.isEmpty() && part.startsWith(namespace + ".") ? part.substring(namespace.length() + 1) : part;
  }

  private static String withProperties(String part, String properties) {
    String text = part;
    Matcher property = PROPERTY.matcher(properties);
    while (property.find()) {
      text = text.replace("${" + property.group(1) + "}", property.group(2));
    }
    return text;
  }

  @Override
  public void setDocumentLocator(Locator documentLocator) {
    locator = documentLocator;
  }

  @Override
  public void startElement(String uri, String localName, String element, Attributes attributes) {
    if (root.isEmpty()) {
      root = element;
      owner = said(attributes, "namespace");
      namespace = owner;
      basePackage = said(attributes, "package");
      schema = schema(attributes, "");
    } else if (root.equals("hibernate-mapping")) {
      hibernate(element, attributes);
    } else if (root.equals("mapper")) {
      mapper(element, attributes);
    } else if (root.equals("entity-mappings")) {
      mapping(element, attributes);
    }
  }

  private void mapper(String element, Attributes attributes) {
    String called = said(attributes, "select");
    if (called.contains(".") && !called.startsWith(namespace + ".")) {
      add(Kind.CALL, element + " " + said(attributes, "property"), called);
    }
    if (STATEMENTS.contains(element) || element.equals("sql")) {
      begin(element + " " + said(attributes, "id"));
    } else if (element.equals("include")) {
      append(" {{include:" + said(attributes, "refid") + "}} ");
    } else if (element.equals("property")) {
      append(" {{property:" + said(attributes, "name") + "=" + said(attributes, "value") + "}} ");
    } else if (element.equals("set") || element.equals("where")) {
      append(" " + element + " ");
    } else {
      append(" " + said(attributes, "prefix") + said(attributes, "open") + " ");
    }
  }

  private void mapping(String element, Attributes attributes) {
    if (element.equals("entity") || element.equals("embeddable") || element.equals("mapped-superclass")) {
      owner = inPackage(said(attributes, "class"));
    } else if (TABLES.contains(element) && !said(attributes, "name").isEmpty()) {
      add(Kind.TABLE, element, schema(attributes, schema) + said(attributes, "name"));
    } else if (GENERATORS.containsKey(element) && !said(attributes, GENERATORS.get(element)).isEmpty()) {
      add(Kind.TABLE, element, schema(attributes, schema) + said(attributes, GENERATORS.get(element)));
    } else if (ASSOCIATIONS.contains(element) && !said(attributes, "target-entity").isEmpty()) {
      add(Kind.ENTITY, element + " " + said(attributes, "name"), inPackage(said(attributes, "target-entity")));
    } else if (element.equals("named-stored-procedure-query") && !said(attributes, "procedure-name").isEmpty()) {
      add(Kind.SQL, element + " " + said(attributes, "name"), "{call %s}".formatted(said(attributes, "procedure-name")));
    } else if (Set.of("named-query", "named-native-query", "package", "schema", "catalog").contains(element)) {
      begin(element + " " + said(attributes, "name"));
    }
  }

  private void hibernate(String element, Attributes attributes) {
    if (CLASSES_OF_HIBERNATE.contains(element)) {
      owner = inPackage(said(attributes, "name"));
      String table = said(attributes, "table");
      boolean own = element.equals("class") || element.endsWith("d-subclass") || element.startsWith("union");
      if (own || !table.isEmpty()) {
        add(Kind.TABLE, element, schema(attributes, schema) + (table.isEmpty() ? owner.substring(owner.lastIndexOf('.') + 1) : table));
      }
    } else if (TABLES_OF_HIBERNATE.contains(element) && !said(attributes, "table").isEmpty()) {
      add(Kind.TABLE, element, schema(attributes, schema) + said(attributes, "table"));
    } else if (STATEMENTS_OF_HIBERNATE.contains(element)) {
      begin(element + " " + said(attributes, "name"));
    }
    expression(element, attributes);
  }

  /** What stands in an attribute is a part of a statement, which a select makes whole. */
  private void expression(String element, Attributes attributes) {
    for (String name : List.of("formula", "where", "subselect")) {
      if (!said(attributes, name).isEmpty()) {
        boolean whole = name.equals("subselect");
        add(Kind.SQL, element + " " + name, (whole ? "" : "select 1 from dual where ") + said(attributes, name));
      }
    }
  }

  private static String schema(Attributes attributes, String otherwise) {
    String said = said(attributes, said(attributes, "schema").isEmpty() ? "catalog" : "schema");
    return said.isEmpty() ? otherwise : said + ".";
  }

  private String inPackage(String name) {
    return name.contains(".") || basePackage.isEmpty() ? name : basePackage + "." + name;
  }

  private static String said(Attributes attributes, String name) {
    return Optional.ofNullable(attributes.getValue(name)).orElse("");
  }

  private void begin(String name) {
    append(" ? ");
    texts.push(new StringBuilder());
    names.push(name.strip());
    lines.push(line());
  }

  private int line() {
    return locator == null ? 0 : locator.getLineNumber();
  }

  private void append(String text) {
    if (!texts.isEmpty()) {
      texts.peek().append(text);
    }
  }

  @Override
  public void characters(char[] characters, int start, int length) {
    append(new String(characters, start, length));
  }

  @Override
  public void endElement(String uri, String localName, String element) {
    if (texts.isEmpty() || !names.peek().split(" ")[0].equals(element)) {
      append(" ");
      return;
    }
    String text = texts.pop().toString();
    String name = names.pop();
    int line = lines.pop();
    if (element.equals("sql")) {
      parts.put(name.substring(name.indexOf(' ') + 1), text);
    } else if (element.equals("package")) {
      basePackage = text.strip();
    } else if (element.equals("schema") || element.equals("catalog")) {
      schema = text.isBlank() || element.equals("catalog") && !schema.isEmpty() ? schema : text.strip() + ".";
    } else {
      items.add(new Item(element.equals("named-query") || element.equals("query") && root.equals("hibernate-mapping") ? Kind.JPQL : Kind.SQL, name, owner, text, line));
    }
  }

  private void add(Kind kind, String name, String text) {
    items.add(new Item(kind, name, owner, text, line()));
  }
}
