package dev.banyan.rules;

import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.bytecode.ClassTexts;
import dev.banyan.rules.bytecode.Meaning;
import dev.banyan.rules.bytecode.Text;
import dev.banyan.rules.bytecode.flow.StringFlow;
import dev.banyan.rules.mapping.Association;
import dev.banyan.rules.mapping.ClassMappings;
import dev.banyan.rules.mapping.Entity;
import dev.banyan.rules.mapping.EntityModel;
import dev.banyan.rules.mapping.Mapping;
import dev.banyan.rules.mapping.RepositoryPaths;
import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.EntityQueryReader;
import dev.banyan.rules.sql.EntityUse;
import dev.banyan.rules.sql.OwnTables;
import dev.banyan.rules.sql.Reading;
import dev.banyan.rules.sql.SqlReader;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import dev.banyan.rules.sql.Understanding;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one class: the strings it carries and the tables it is mapped to. */
final class ClassScan {

  private static final Pattern MIGRATION = Pattern.compile(
      "org/flywaydb/core/api/migration/(Base)?JavaMigration|liquibase/change/custom/Custom(Task|Sql)\\w*");

  private static final Pattern BEGINS_WITH_FROM = Pattern.compile("(?i)\\A\\s*from\\s");

  private static final String ANNOTATIONS = "its annotations";

  private final ClassFile file;
  private final EntityModel entities;
  private final NamedCalls statements;
  private final Judge judge;
  private final Finding.Kind kind;
  private final Optional<String> module;
  private final Map<String, Optional<String>> searchPaths = new HashMap<>();
  private final Set<String> set = new HashSet<>();
  private final Set<String> own = new HashSet<>();
  private Optional<String> elsewhere = Optional.empty();

  ClassScan(ClassFile file, EntityModel entities, NamedCalls statements, Judge judge) {
    this.file = file;
    this.statements = statements;
    this.entities = entities;
    this.judge = judge;
    this.kind = isMigration(file) ? Finding.Kind.MIGRATION : Finding.Kind.SQL;
    this.module = judge.ownership().moduleOf(file.name())
        .or(() -> kind == Finding.Kind.MIGRATION ? judge.ownership().moduleOfFolders(folders(file)) : Optional.empty());
  }

  /** Flyway's migrations in Java, and Liquibase's changes. */
  private static boolean isMigration(ClassFile file) {
    return MIGRATION.matcher(String.valueOf(file.node().superName)).matches()
        || file.node().interfaces.stream().anyMatch(name -> MIGRATION.matcher(name).matches());
  }

  /** As with scripts, the nearest folder that has a module's name tells whose it is. */
  private static List<String> folders(ClassFile file) {
    List<String> folders = Arrays.asList(file.packageName().split("\\."));
    Collections.reverse(folders);
    return folders;
  }

  void run(StringFlow flow, Set<String> usedElsewhere) {
    List<Text> texts = ClassTexts.of(file, flow, usedElsewhere);
    texts.forEach(this::noteSchema);
    texts.forEach(text -> own.addAll(OwnTables.temporaryIn(text.value())));
    texts.forEach(this::text);
    ClassMappings mappings = ClassMappings.of(file);
    mappings.mappings().forEach(this::mapping);
    mappings.associations().forEach(this::association);
    entities.ofClass(file.name()).ifPresent(entity -> entities.partsOf(file).forEach(this::part));
    entities.ofRepository(file).ifPresent(entity -> {
      repository(entity);
      RepositoryPaths.ofRepository(file, entity, entities).forEach(way -> way(entity.className(), way));
    });
    entities.ofClass(file.name()).ifPresent(entity -> RepositoryPaths.ofGraphs(file).forEach(way -> way(entity.className(), way)));
  }

  /** Judges what this class sends that another module's has put together; what its names without a schema mean is that one's matter. */
  void run(ProvidedStatements provided) {
    provided.of(file, module).forEach(each -> {
      Place place = place(new Text("", each.where(), 0, each.text().meaning()), Texts.shown(each.text().value()));
      Optional<String> home = judge.ownership().moduleOf(each.home()).flatMap(judge.ownership()::defaultSchemaOf);
      uses(each.text(), each.text().value()).stream().filter(use -> !use.table().isUnknown())
          .map(use -> use.table().schema().isPresent() || home.isEmpty() ? use : new TableUse(use.table().in(home.get()), use.access(), use.line()))
          .forEach(use -> judge.use(place, use));
    });
    provided.missing(file).forEach(use -> {
      judge.count(Understanding.NOT);
      judge.unknown(place(new Text("", use.where(), 0, Meaning.SQL), "%s.%s()".formatted(use.provider(), use.method())),
          "the method that provides the statement is not among the classes that were read");
    });
  }

  private void way(String entity, RepositoryPaths.Way way) {
    path(new Text(way.path(), way.where(), 0, Meaning.ENTITY_PATH), entity, way.path());
  }

  private void text(Text text) {
    Place place = place(text);
    if (text.ofOther().isPresent()) {
      handedOver(text, text.ofOther().get(), place);
      return;
    } else if (isFoundAtHome(text)) {
      return;
    }
    switch (text.meaning()) {
      case GUESS -> guess(text, place);
      case SQL -> statement(text, place, SqlReader.readStatement(named(text.value()), searchPath(text), own));
      case JPQL -> query(text.value(), place);
      case SCHEMA -> setSchema(text);
      case NOT_FOLLOWED -> {
        judge.count(Understanding.NOT);
        judge.unknown(place(text, "each of its strings was read for itself"), text.value());
      }
      case ENTITY_PATH -> path(text);
      case ENTITY_READ -> entity(text, Access.READ);
      case ENTITY_WRITE -> entity(text, Access.WRITE);
      case EXPRESSION -> expression(text, place);
      case NAMED -> statements.call(text.value().strip(), module, shown -> place(text, shown));
      case ROUTINE -> routine(text, place);
      case SEQUENCE -> sequence(text);
      case TABLE_READ -> table(text, place, Access.READ);
      case TABLE_REFERENCE -> table(text, place, Access.REFERENCE);
      case TABLE_WRITE -> table(text, place, Access.WRITE);
      case SCHEMA_WRITE -> table(new Text(text.value() + "." + TableName.HOLE, text.where(), text.line(), text.meaning()), place, Access.WRITE);
    }
  }

  /** A statement that comes whole from another class stands there already; it is this module's as well if that sends it. */
  private boolean isFoundAtHome(Text text) {
    boolean sent = text.meaning() == Meaning.SQL || text.meaning() == Meaning.JPQL;
    return (sent || text.meaning() == Meaning.GUESS)
        && text.home().filter(home -> !sent || judge.ownership().moduleOf(home).equals(module)).isPresent()
        && SqlReader.read(text.value()).isPresent();
  }

  /** Of a statement that another class puts together, this one answers for the tables that it names itself. */
  private void handedOver(Text text, String ofOther, Place place) {
    if (text.meaning() == Meaning.JPQL) {
      List<EntityUse> others = EntityQueryReader.read(ofOther, entities);
      EntityQueryReader.read(text.value(), entities).stream().filter(use -> !others.contains(use))
          .forEach(use -> entities.named(use.name()).ifPresent(entity -> judge.entity(place, entity, use.access())));
      return;
    }
    List<TableName> others = uses(text, ofOther).stream().map(TableUse::table).toList();
    uses(text, text.value()).stream().filter(use -> !use.table().isUnknown() && !others.contains(use.table()))
        .forEach(use -> judge.use(place, use));
  }

  private static List<TableUse> uses(Text text, String value) {
    return switch (text.meaning()) {
      case TABLE_READ -> SqlReader.readExpression("from " + value).uses();
      case TABLE_REFERENCE, SEQUENCE -> List.of(new TableUse(TableName.parse(value.strip()), Access.REFERENCE, 1));
      case TABLE_WRITE -> List.of(new TableUse(TableName.parse(value.strip()), Access.WRITE, 1));
      case ROUTINE -> List.of(new TableUse(TableName.routine(value.strip()), Access.REFERENCE, 1));
      case SQL -> SqlReader.readStatement(value, Optional.empty()).uses();
      default -> SqlReader.read(value).map(Reading::uses).orElse(List.of());
    };
  }

  private void guess(Text text, Place place) {
    Optional<Reading> reading = SqlReader.read(named(text.value()), searchPath(text), own);
    if (reading.isPresent() && isOverEntities(text.value(), reading.get())) {
      query(text.value(), place);
    } else {
      reading.ifPresent(read -> statement(text, place, read));
    }
  }

  /** HQL that looks like SQL: every name in it is an entity's, letter by letter. */
  private boolean isOverEntities(String text, Reading reading) {
    List<EntityUse> names = reading.uses().isEmpty() ? List.of() : EntityQueryReader.read(text, entities);
    return !names.isEmpty() && names.stream().allMatch(use -> entities.named(use.name()).isPresent());
  }

  private void statement(Text text, Place place, Reading reading) {
    searchPaths.put(text.where(), reading.searchPath());
    judge.statement(place, reading);
  }

  /** Of two schemas that are set one behind the other either may hold: they may stand in branches. */
  private void setSchema(Text text) {
    String schema = text.value().contains(TableName.HOLE) ? TableName.HOLE : text.value();
    boolean another = set.contains(text.where()) && !searchPaths.getOrDefault(text.where(), Optional.empty()).equals(Optional.of(schema));
    searchPaths.put(text.where(), Optional.of(another ? TableName.HOLE : schema));
    set.add(text.where());
  }

  /** Where a class sets a schema that is not its module's, names without one are not known in its other methods. */
  private void noteSchema(Text text) {
    Optional<String> schema = text.meaning() == Meaning.SCHEMA ? Optional.of(text.value())
        : text.meaning() == Meaning.SQL || text.meaning() == Meaning.GUESS ? SqlReader.searchPathOf(text.value()) : Optional.empty();
    boolean foreign = schema.filter(each -> each.contains(TableName.HOLE) || !judge.ownership().isOf(module, each)).isPresent();
    if (foreign && !text.where().equals(ANNOTATIONS)) {
      elsewhere = Optional.of(TableName.HOLE);
    }
  }

  /** What one statement of a method sets holds for those behind it. */
  private Optional<String> searchPath(Text text) {
    set.remove(text.where());
    return searchPaths.getOrDefault(text.where(), text.where().equals(ANNOTATIONS) ? Optional.empty() : elsewhere);
  }

  private void expression(Text text, Place place) {
    Reading reading = SqlReader.readCondition(text.value());
    if (!reading.uses().isEmpty()) {
      judge.statement(place, reading);
    }
  }

  private void table(Text text, Place place, Access access) {
    if (access == Access.READ) {
      // A list of tables with aliases, a join, a query in parentheses: what may stand behind FROM.
      judge.statement(place, SqlReader.readExpression(BEGINS_WITH_FROM.matcher(text.value()).find() ? text.value() : "from " + text.value()));
      return;
    }
    one(text, place, TableName.parse(text.value().strip().split("\\s+")[0]), access);
  }

  private void sequence(Text text) {
    TableName name = TableName.parse(text.value().strip());
    one(text, place(text, "sequence " + name), name, Access.REFERENCE);
  }

  /** A function or procedure by its name; one without a schema is nobody's. */
  private void routine(Text text, Place place) {
    TableName name = TableName.routine(text.value().strip());
    if (name.schema().isPresent()) {
      one(text, place, name, Access.REFERENCE);
    } else if (name.isUnknown()) {
      judge.count(Understanding.NOT);
      judge.unknown(place, Judge.HOLE_IN_CALL);
    }
  }

  /** A text that is nothing but a name. */
  private void one(Text text, Place place, TableName name, Access access) {
    Understanding understanding = text.value().contains(TableName.HOLE) ? Understanding.PART : Understanding.WHOLE;
    judge.statement(place, new Reading(List.of(new TableUse(name, access, 1)), understanding, Optional.empty()));
  }

  private void query(String text, Place place) {
    List<EntityUse> uses = EntityQueryReader.read(named(text), entities);
    List<EntityUse> unknown = uses.stream().filter(use -> entities.named(use.name()).isEmpty()).toList();
    boolean hole = text.contains(TableName.HOLE);
    judge.count(uses.isEmpty() && hole || !unknown.isEmpty() ? Understanding.NOT : hole ? Understanding.PART : Understanding.WHOLE);
    uses.forEach(use -> entities.named(use.name()).ifPresent(entity -> judge.entity(place, entity, use.access())));
    if (!unknown.isEmpty()) {
      judge.unknown(place, unknown.get(0).name().contains(TableName.HOLE) ? "an entity's name is put in at run time"
          : "entity '%s' is not among the classes that were read".formatted(unknown.get(0).name()));
    } else if (uses.isEmpty() && hole) {
      judge.unknown(place, "the query is put together elsewhere");
    }
  }

  /** An entity that is named by its class. */
  private void entity(Text text, Access access) {
    boolean hole = text.value().contains(TableName.HOLE);
    Place place = place(text, hole ? "an entity's class" : "entity " + text.value());
    Optional<Entity> entity = entities.ofClass(text.value());
    judge.count(entity.isPresent() ? Understanding.WHOLE : Understanding.NOT);
    entity.ifPresentOrElse(known -> judge.entity(place, known, access), () -> judge.unknown(place, hole
        ? "an entity's class is put in at run time" : "entity '%s' is not among the classes that were read".formatted(text.value())));
  }

  /** A path reads what it leads over; the entity it begins at is told where that is named, what it has joined where it does. */
  private void path(Text text) {
    String way = text.value().substring(text.value().indexOf('#') + 1);
    Optional<String> entity = text.value().contains(TableName.HOLE) ? Optional.empty()
        : text.value().startsWith("#") ? entities.withAssociation(way.replace("+", "")) : Optional.of(text.value().split("#")[0]);
    entity.ifPresentOrElse(from -> path(text, from, way), () -> {
      judge.count(Understanding.NOT);
      judge.unknown(place(text, "a join"), "the entity that a join begins at is put in at run time");
    });
  }

  private void path(Text text, String entity, String way) {
    int joined = way.lastIndexOf('+', way.length() - 2);
    List<EntityUse> before = joined < 0 ? List.of() : leadsOver(entity, way.substring(0, joined + 1));
    Place place = place(text, "path %s.%s".formatted(entity, way.replace("+", "")));
    leadsOver(entity, way).stream().filter(use -> !before.contains(use) && !use.name().equals(entity))
        .forEach(use -> entities.named(use.name()).ifPresent(each -> judge.entity(place, each, use.access())));
  }

  private List<EntityUse> leadsOver(String entity, String way) {
    String path = way.replace("+", "");
    return EntityQueryReader.read(way.endsWith("+") ? "from %s x join x.%s y".formatted(entity, path)
        : "from %s x where x.%s = 1".formatted(entity, path), entities);
  }

  /** A repository reads and changes the table of its entity; where its own queries are found to do so, that says it already. */
  private void repository(Entity entity) {
    Place place = new Place(module, file.name() + ", its supertypes", source(0), 0, Finding.Kind.SQL, "repository of entity " + entity.className());
    judge.count(Understanding.WHOLE);
    judge.repository(place, entity);
  }

  /** Spring Data puts the repository's entity in, or its table. */
  private String named(String text) {
    if (!text.contains("#{#")) {
      return text;
    }
    Optional<Entity> entity = entities.ofRepository(file);
    String table = entity.map(known -> known.candidates().get(known.candidates().size() - 1).toString()).orElse(TableName.HOLE);
    return text.replace("#{#entityName}", entity.map(Entity::name).orElse(TableName.HOLE))
        .replace("#{#tableName}", table).replace("#{#qualifiedTableName}", table);
  }

  private void mapping(Mapping mapping) {
    judge.mapped(place(mapping.where(), "@%s for %s".formatted(mapping.annotation(), mapping.candidates().get(0))), mapping.candidates(),
        Access.REFERENCE);
  }

  private void association(Association association) {
    entities.ofClass(association.target()).ifPresent(entity -> judge.entity(
        place(association.where(), "@%s to entity %s".formatted(association.annotation(), entity.className())), entity, Access.REFERENCE));
  }

  /** What another module's base class maps lies in this one's table; a base class of no module is told for itself. */
  private void part(ClassFile part) {
    if (judge.ownership().moduleOf(part.name()).filter(home -> !module.equals(Optional.of(home))).isPresent()) {
      ClassMappings mappings = ClassMappings.of(part);
      mappings.mappings().stream().map(each -> new Mapping(each.annotation(), each.candidates(), each.where() + " of " + part.name()))
          .forEach(this::mapping);
      mappings.associations().stream()
          .map(each -> new Association(each.annotation(), each.target(), each.where() + " of " + part.name(), each.property()))
          .forEach(this::association);
    }
  }

  private Place place(Text text) {
    return place(text, Texts.shown(text.value()));
  }

  private Place place(Text text, String shown) {
    return new Place(module, file.name() + ", " + text.where(), source(text.line()), text.line(), kind, shown);
  }

  private Place place(String where, String shown) {
    return new Place(module, file.name() + ", " + where, source(0), 0, Finding.Kind.MAPPING, shown);
  }

  private String source(int line) {
    String name = file.name().substring(file.name().lastIndexOf('.') + 1);
    String said = file.node().sourceFile;
    return (said == null ? name + ".java" : said) + ":" + line;
  }
}
