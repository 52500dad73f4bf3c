package dev.banyan.rules;

import dev.banyan.rules.mapping.EntityModel;
import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.EntityQueryReader;
import dev.banyan.rules.sql.SqlReader;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import dev.banyan.rules.sql.Understanding;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Judges what calls statements by their names: one that another module declares is sent by this one, its own is judged where it stands. */
final class NamedCalls {

  private final NamedStatements statements;
  private final EntityModel entities;
  private final Judge judge;

  NamedCalls(NamedStatements statements, EntityModel entities, Judge judge) {
    this.statements = statements;
    this.entities = entities;
    this.judge = judge;
  }

  /** Judges one call; {@code places} makes its place out of what is shown there. */
  void call(String name, Optional<String> module, Function<String, Place> places) {
    List<NamedStatements.Named> named = statements.named(name);
    judge.count(named.isEmpty() ? Understanding.NOT : Understanding.WHOLE);
    if (named.isEmpty()) {
      judge.unknown(places.apply(Texts.shown(name)), name.contains(TableName.HOLE) ? "the name of a statement is put in at run time"
          : "no statement is called '%s' in the classes and files that were read".formatted(name));
    } else if (module.isEmpty() || named.stream().noneMatch(each -> judge.ownership().moduleOf(each.owner()).equals(module))) {
      named.forEach(each -> sent(places.apply("%s: %s".formatted(name, Texts.shown(each.text()))), each));
    }
  }

  /** What its names without a schema mean is the matter of the module that declares it. */
  private void sent(Place place, NamedStatements.Named named) {
    Optional<String> home = judge.ownership().moduleOf(named.owner()).flatMap(judge.ownership()::defaultSchemaOf);
    switch (named.kind()) {
      case SQL -> known(place, SqlReader.readStatement(named.text(), home).uses());
      case ROUTINE -> known(place, List.of(new TableUse(TableName.routine(named.text()), Access.REFERENCE, 1)));
      case JPQL -> EntityQueryReader.read(named.text(), entities)
          .forEach(use -> entities.named(use.name()).ifPresent(entity -> judge.entity(place, entity, use.access())));
    }
  }

  /** What is not known of it is listed where it is declared. */
  private void known(Place place, List<TableUse> uses) {
    uses.stream().filter(use -> !use.table().isUnknown()).filter(use -> !use.table().isRoutine() || use.table().schema().isPresent())
        .forEach(use -> judge.use(place, use));
  }
}
