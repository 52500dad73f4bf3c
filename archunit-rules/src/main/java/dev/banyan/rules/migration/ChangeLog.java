package dev.banyan.rules.migration;

import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.Reading;
import dev.banyan.rules.sql.SqlReader;
import dev.banyan.rules.sql.Statements;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import dev.banyan.rules.sql.Understanding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The steps of a Liquibase changelog. Each change names its tables in attributes, which are few and mean the same in all
 * changes; so one that nobody has thought of is read as well.
 *
 * @see <a href="https://docs.liquibase.com/change-types/home.html">Liquibase, Change Types</a>
 */
final class ChangeLog {

  private record Name(String table, String schema, Access access) {

    String catalog() {
      return schema.replace("schemaName", "catalogName").replace("SchemaName", "CatalogName");
    }
  }

  private static final List<Name> NAMES = List.of(
      new Name("tableName", "schemaName", Access.WRITE), new Name("viewName", "schemaName", Access.WRITE),
      new Name("sequenceName", "schemaName", Access.WRITE), new Name("oldTableName", "schemaName", Access.WRITE),
      new Name("oldViewName", "schemaName", Access.WRITE), new Name("oldSequenceName", "schemaName", Access.WRITE),
      new Name("newTableName", "newTableSchemaName", Access.WRITE),
      new Name("existingTableName", "existingTableSchemaName", Access.READ),
      new Name("baseTableName", "baseTableSchemaName", Access.WRITE),
      new Name("referencedTableName", "referencedTableSchemaName", Access.REFERENCE),
      new Name("defaultValueSequenceNext", "", Access.REFERENCE), new Name("valueSequenceNext", "", Access.REFERENCE),
      new Name("objectName", "objectSchemaName", Access.REFERENCE), new Name("references", "", Access.REFERENCE));
  /** The attributes that name the type of a column. */
  private static final List<String> TYPES = List.of("type", "newDataType", "columnDataType");
  private static final List<String> ROUTINES = List.of("procedureName", "functionName", "packageName", "packageBodyName");
  private static final Set<String> AROUND = Set.of("", "databaseChangeLog", "changeSet", "changes", "rollback");
  private static final Set<String> ASKING = Set.of("preConditions", "and", "or", "not");
  private static final Set<String> STATEMENTS = Set.of("sql", "selectQuery", "procedureText", "createView", "createProcedure",
      "createFunction", "createTrigger", "createPackage", "createPackageBody", "sqlCheck");
  private static final Set<String> EXPRESSIONS = Set.of("where", "valueComputed", "defaultValueComputed");

  private final Optional<String> home;
  private final List<Step> steps = new ArrayList<>();
  private boolean takingBack;

  private ChangeLog(Optional<String> home) {
    this.home = home;
  }

  /** Tells whether a file means to be a changelog. */
  static boolean isMeant(String file, String text) {
    return file.matches("(?i).*\\.(xml|ya?ml|json)") && text.contains("databaseChangeLog");
  }

  /** Returns the steps; nothing if the file cannot be read. */
  static Optional<List<Step>> read(String file, String text, Optional<String> home) {
    return root(file, text).map(change -> {
      Map<String, String> properties = new HashMap<>();
      collect(change, properties);
      var log = new ChangeLog(home);
      log.walk(change.with(value -> replaced(value, properties)));
      return List.copyOf(log.steps);
    });
  }

  static Optional<Change> root(String file, String text) {
    return file.toLowerCase(Locale.ROOT).endsWith(".xml") ? XmlChanges.read(text) : YamlChanges.read(text);
  }

  private static void collect(Change change, Map<String, String> properties) {
    if (change.name().equals("property")) {
      change.said("name").ifPresent(name -> properties.putIfAbsent(name, change.said("value").orElse("")));
    }
    change.children().forEach(child -> collect(child, properties));
  }

  private static String replaced(String value, Map<String, String> properties) {
    String text = value;
    for (Map.Entry<String, String> property : properties.entrySet()) {
      text = text.replace("${" + property.getKey() + "}", property.getValue());
    }
    return text.replaceAll("\\$\\{[^}]*}", TableName.HOLE);
  }

  private void walk(Change change) {
    if (AROUND.contains(change.name())) {
      boolean outside = takingBack;
      takingBack |= change.name().equals("rollback");
      change.children().forEach(this::walk);
      change.said("sql").ifPresent(sql -> statements(sql, change.line()));
      rolledBack(change);
      takingBack = outside;
    } else if (ASKING.contains(change.name())) {
      change.children().stream().filter(child -> child.name().equals("sqlCheck") || ASKING.contains(child.name())).forEach(this::walk);
    } else {
      step(change);
    }
  }

  /** {@code <rollback>drop table x</rollback>}. */
  private void rolledBack(Change change) {
    if (change.name().equals("rollback")) {
      statements(change.text(), change.line());
    }
  }

  private void step(Change change) {
    Optional<String> view = view(change);
    if (view.isPresent()) {
      statements(view.get(), change.line());
      return;
    }
    List<TableUse> uses = new ArrayList<>();
    named(change, uses);
    if (!uses.isEmpty()) {
      steps.add(new Step(shown(change), change.line(), new Reading(uses, Understanding.WHOLE, home), takingBack));
    }
    written(change);
  }

  /** A view's query is no statement that is run: it is what defines the view, as in SQL. */
  private static Optional<String> view(Change change) {
    String query = change.said("selectQuery").orElse(change.text());
    if (!change.name().equals("createView") || query.isBlank() || change.said("fullDefinition").filter("true"::equals).isPresent()) {
      return Optional.empty();
    }
    String schema = change.said("schemaName").map(name -> name + ".").orElse("");
    return change.said("viewName").map(name -> "create view " + schema + name + " as " + query);
  }

  private void named(Change change, List<TableUse> uses) {
    for (Name name : NAMES) {
      change.said(name.table()).ifPresent(table -> uses.add(new TableUse(table(change, name, table), name.access(), 1)));
    }
    TYPES.forEach(key -> change.said(key).filter(type -> type.indexOf('.') > 0).map(type -> TableName.type(type.replaceAll("\\s*[(\\[].*", "")))
        .filter(TableName::isOfSomebody).ifPresent(type -> uses.add(new TableUse(type, Access.REFERENCE, 1))));
    Optional<String> schema = change.said("schemaName").or(() -> change.said("catalogName"));
    ROUTINES.forEach(key -> change.said(key).filter(name -> schema.isPresent() || name.indexOf('.') > 0)
        .ifPresent(name -> uses.add(new TableUse(TableName.routine(schema.map(each -> each + ".").orElse("") + name), Access.WRITE, 1))));
    change.children().forEach(child -> named(child, uses));
  }

  /** {@code references="users.account(id)"}; what is renamed keeps its schema, which MySQL calls the catalog. */
  private TableName table(Change change, Name name, String said) {
    String table = said.replaceAll("\\s*\\(.*", "");
    Optional<String> schema = change.said(name.schema()).or(() -> change.said(name.catalog()))
        .or(() -> change.said("schemaName").or(() -> change.said("catalogName")).filter(s -> name.table().startsWith("new")));
    return schema.map(s -> TableName.of(s, table)).orElseGet(() -> inHome(TableName.parse(table)));
  }

  private TableName inHome(TableName name) {
    return name.schema().isPresent() || home.isEmpty() ? name : TableName.of(home.get(), name.table());
  }

  /** What stands in SQL: the text of an element, or in YAML an attribute. */
  private void written(Change change) {
    if (STATEMENTS.contains(change.name())) {
      statements(change.text(), change.line());
    } else if (EXPRESSIONS.contains(change.name())) {
      expression(change, change.text());
    }
    STATEMENTS.forEach(key -> change.said(key).ifPresent(sql -> statements(sql, change.line())));
    EXPRESSIONS.forEach(key -> change.said(key).ifPresent(sql -> expression(change, sql)));
    change.children().forEach(this::written);
  }

  private void statements(String sql, int line) {
    for (Statements.Statement statement : Statements.of(sql)) {
      steps.add(new Step(statement.sql(), line + statement.line() - 1, SqlReader.readStatement(statement.sql(), home), takingBack));
    }
  }

  private void expression(Change change, String sql) {
    Reading reading = SqlReader.readExpression(sql);
    if (!reading.uses().isEmpty()) {
      steps.add(new Step(sql, change.line(), reading, takingBack));
    }
  }

  private static String shown(Change change) {
    List<String> attributes = new ArrayList<>();
    new TreeMap<>(change.attributes()).forEach((key, value) -> attributes.add(key + "=" + value));
    return attributes.isEmpty() ? change.name() : change.name() + " " + String.join(", ", attributes);
  }
}
