package dev.banyan.rules;

import dev.banyan.rules.mapping.Entity;
import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.Reading;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import dev.banyan.rules.sql.Understanding;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** Holds what was read against the ownership, and counts how far it was understood. */
final class Judge {

  private static final int SAME_WORDS = 16;
  private static final String HOLE_IN_TABLE = "a table's name is put in at run time";
  static final String HOLE_IN_CALL = "the name of a function or procedure is put in at run time";
  private static final String NO_SCHEMA = "no module owns a table '%s' by name, and %s";
  private static final String HOLE = "the statement is put together elsewhere";

  private final SchemaOwnership ownership;
  private final boolean counting;
  private final List<Finding> violations = new ArrayList<>();
  private final List<Touch> touches = new ArrayList<>();
  private final List<Unknown> unknown = new ArrayList<>();
  private final Map<Understanding, Integer> counts = new EnumMap<>(Understanding.class);

  Judge(SchemaOwnership ownership) {
    this(ownership, true);
  }

  /** Creates a judge that counts, or not, how far statements were understood. */
  Judge(SchemaOwnership ownership, boolean counting) {
    this.ownership = ownership;
    this.counting = counting;
  }

  SchemaOwnership ownership() {
    return ownership;
  }

  List<Finding> violations() {
    return violations;
  }

  List<Touch> touches() {
    return touches;
  }

  List<Unknown> unknown() {
    return unknown;
  }

  Coverage coverage() {
    int whole = counts.getOrDefault(Understanding.WHOLE, 0);
    int part = counts.getOrDefault(Understanding.PART, 0);
    int not = counts.getOrDefault(Understanding.NOT, 0);
    return new Coverage(whole + part + not, whole, part, not);
  }

  /** Judges a statement. */
  void statement(Place place, Reading reading) {
    statement(line -> place, reading);
  }

  /** Judges a statement whose tables stand in lines of their own; line 0 is that of the whole. */
  void statement(IntFunction<Place> places, Reading reading) {
    reading.uses().stream().filter(use -> !use.table().isUnknown()).forEach(use -> use(places.apply(use.line()), use));
    counted(places.apply(0), reading);
  }

  /** Notes a statement that belongs to nobody, without a judgement. */
  void nobodys(Place place, Reading reading) {
    reading.uses().forEach(use -> touch(place, use.table(), use.access()));
    counted(place, reading);
  }

  private void counted(Place place, Reading reading) {
    Optional<String> missing = missing(place.module(), reading);
    count(missing.isEmpty() ? reading : Reading.notKnown());
    missing.ifPresent(reason -> unknown(place, reason));
  }

  /** Returns why it cannot be told which tables are meant. */
  private Optional<String> missing(Optional<String> module, Reading reading) {
    if (!reading.isKnown() || reading.uses().stream().anyMatch(use -> isNobodys(module, use.table()))) {
      boolean call = reading.uses().stream().map(TableUse::table).filter(table -> table.isUnknown() || isNobodys(module, table))
          .allMatch(TableName::isRoutine);
      return Optional.of(reading.uses().isEmpty() ? HOLE : call ? HOLE_IN_CALL : HOLE_IN_TABLE);
    }
    return reading.uses().stream().map(TableUse::table).filter(table -> ownership.mayBeAnybodys(module, table)).findFirst()
        .map(table -> NO_SCHEMA.formatted(table, module.map("module '%s' has no default-schema"::formatted).orElse("code of no module has no default schema")));
  }

  /** {@code public.…} may be a table of somebody's, unless its schema as a whole belongs to one. */
  private boolean isNobodys(Optional<String> module, TableName table) {
    return table.table().contains(TableName.HOLE) && !table.isUnknown() && !ownership.isOwned(module, table);
  }

  /** Counts a statement; where nobody asks for the count, no parser is troubled. */
  void count(Reading reading) {
    if (counting) {
      count(reading.understanding());
    }
  }

  void count(Understanding understanding) {
    counts.merge(understanding, 1, Integer::sum);
  }

  void unknown(Place place, String reason) {
    unknown.add(new Unknown(place.module(), place.location(), place.line(), place.shown(), reason));
  }

  void use(Place place, TableUse use) {
    touch(place, use.table(), use.access());
    ownership.foreign(place.module(), use).ifPresent(foreign -> add(place, foreign.owner(), foreign.table(), use.access()));
  }

  /** Judges a migration of a module that has left: its tables come back with it. */
  void comesBack(Place place, String owner, TableUse use) {
    ownership.resolved(place.module(), use.table()).ifPresent(table -> add(place, owner, table, use.access()));
  }

  /** Judges a mapped table: of the names it may have, the one that somebody owns. */
  boolean mapped(Place place, List<TableName> candidates, Access access) {
    Optional<SchemaOwnership.Foreign> foreign = candidates.stream()
        .filter(name -> ownership.isOwned(place.module(), name)).findFirst()
        .flatMap(name -> ownership.foreign(place.module(), new TableUse(name, access, 0)));
    touch(place, candidates.stream().filter(name -> ownership.isOwned(place.module(), name)).findFirst()
        .orElse(candidates.get(candidates.size() - 1)), access);
    foreign.ifPresent(f -> add(place, f.owner(), f.table(), access));
    return candidates.stream().anyMatch(name -> ownership.isOwned(place.module(), name));
  }

  /** Judges an entity: by its table, or where nobody owns that, by the module of its class. */
  void entity(Place place, Entity entity, Access access) {
    if (mapped(place, ownersNames(entity), access)) {
      return;
    }
    ownership.moduleOf(entity.className()).filter(owner -> !place.module().equals(Optional.of(owner)))
        .ifPresent(owner -> add(place, owner, entity.candidates().get(entity.candidates().size() - 1), access));
  }

  /** Judges a repository, unless something of its class was found to touch the table of its entity. */
  void repository(Place place, Entity entity) {
    String unit = Member.unit(place.location());
    Set<String> found = new HashSet<>();
    violations.stream().filter(finding -> Member.unit(finding.location()).equals(unit)).forEach(finding -> found.add(finding.table()));
    int before = violations.size();
    entity(place, entity, Access.WRITE);
    violations.subList(before, violations.size()).removeIf(finding -> found.contains(finding.table()));
  }

  /** A bare name means a table of the module that the entity's class belongs to. */
  private List<TableName> ownersNames(Entity entity) {
    Optional<String> home = ownership.moduleOf(entity.className()).flatMap(ownership::defaultSchemaOf);
    return entity.candidates().stream()
        .map(name -> name.schema().isEmpty() && home.isPresent() ? TableName.of(home.get(), name.table()) : name).toList();
  }

  /** Notes what is touched, and by whom, without a judgement. */
  void touch(Place place, TableName table, Access access) {
    touches.add(new Touch(place.kind(), place.location(), place.line(), place.shown(), table, access));
  }

  private void add(Place place, String owner, TableName table, Access access) {
    var finding = new Finding(place.module(), owner, table, access, place.kind(), place.location(), place.source(), place.line(),
        place.shown());
    for (int i = violations.size() - 1; i >= 0 && violations.get(i).source().equals(place.source()); i--) {
      if (isVariant(violations.get(i), finding)) {
        violations.set(i, longer(violations.get(i), finding));
        return;
      }
    }
    violations.add(finding);
  }

  /** What a condition or a loop makes of one statement begins in one place with the same words, and is one finding. */
  private static boolean isVariant(Finding one, Finding other) {
    return one.line() > 0 && one.line() == other.line() && one.location().equals(other.location()) && one.name().equals(other.name())
        && one.access() == other.access() && one.statement().regionMatches(0, other.statement(), 0, SAME_WORDS);
  }

  private static Finding longer(Finding one, Finding other) {
    return one.statement().length() >= other.statement().length() ? one : other;
  }
}
