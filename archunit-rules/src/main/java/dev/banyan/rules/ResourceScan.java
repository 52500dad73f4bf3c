package dev.banyan.rules;

import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.mapping.EntityModel;
import dev.banyan.rules.migration.Script;
import dev.banyan.rules.resource.Resources;
import dev.banyan.rules.resource.Resources.TextFile;
import dev.banyan.rules.resource.XmlStatements;
import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.EntityQueryReader;
import dev.banyan.rules.sql.EntityUse;
import dev.banyan.rules.sql.SqlReader;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.Understanding;
import java.util.List;
import java.util.Optional;

/**
 * Reads the files beside the classes. A mapper belongs to the module of its interface, an element of {@code orm.xml} to
 * that of its entity; {@link MigrationScan} tells whose a script is.
 */
final class ResourceScan {

  private final Resources resources;
  private final EntityModel entities;
  private final Judge judge;
  private final MigrationScan migrations;
  private final NamedStatements named;
  private final NamedCalls statements;

  ResourceScan(Resources resources, List<ClassFile> classes, NamedStatements named, EntityModel entities, Judge judge) {
    this.resources = resources;
    this.entities = entities;
    this.judge = judge;
    this.named = named;
    this.statements = new NamedCalls(named, entities, judge);
    this.migrations = new MigrationScan(judge, script -> script.path() + ", script", LoadedScripts.by(classes, judge.ownership()));
  }

  void run() {
    migrations.prepare(resources.texts().stream().map(ResourceScan::script).filter(Script::isMeant).toList());
    for (TextFile file : resources.texts()) {
      if (script(file).isMeant()) {
        migrations.run(script(file));
      } else {
        xml(file);
      }
    }
    named.ofRepositories().forEach(this::query);
  }

  /** A query in a properties file belongs to the module of the repository that has a method for it. */
  private void query(RepositoryQueries.Query query) {
    String text = query.statement().text();
    Place place = place(judge.ownership().moduleOf(query.statement().owner()), query.file(), query.name(), query.line(), Finding.Kind.SQL, Texts.shown(text));
    if (!query.isUsed()) {
      judge.count(Understanding.NOT);
      judge.unknown(place, "no repository that was read has a method for this query");
    } else if (query.statement().kind() == NamedStatements.Kind.SQL) {
      judge.statement(place, SqlReader.readStatement(text, Optional.empty()));
    } else {
      query(place, text);
    }
  }

  private static Script script(TextFile file) {
    return new Script(file.path(), file.text());
  }

  private void xml(TextFile file) {
    if (!XmlStatements.isMeant(file.text())) {
      return;
    }
    XmlStatements.read(file.text(), named.parts()).ifPresentOrElse(items -> items.forEach(item -> item(file, item)), () -> {
      judge.count(Understanding.NOT);
      judge.unknown(place(Optional.empty(), file, "file", 1, Finding.Kind.SQL, file.path()), "the file is no XML that can be read");
    });
  }

  private void item(TextFile file, XmlStatements.Item item) {
    Optional<String> module = judge.ownership().moduleOf(item.owner());
    boolean mapping = item.kind() == XmlStatements.Kind.TABLE || item.kind() == XmlStatements.Kind.ENTITY;
    Finding.Kind kind = mapping ? Finding.Kind.MAPPING : Finding.Kind.SQL;
    String shown = kind == Finding.Kind.MAPPING ? "<%s> for %s".formatted(item.name(), item.text()) : Texts.shown(item.text());
    Place place = place(module, file, item.name(), item.line(), kind, shown);
    switch (item.kind()) {
      case TABLE -> judge.mapped(place, List.of(TableName.parse(item.text())), Access.REFERENCE);
      case ENTITY -> entities.ofClass(item.text()).ifPresent(entity -> judge.entity(place, entity, Access.REFERENCE));
      case SQL -> judge.statement(place, SqlReader.readStatement(item.text(), Optional.empty()));
      case JPQL -> query(place, item.text());
      case CALL -> statements.call(item.text(), module, text -> place(module, file, item.name(), item.line(), kind, text));
    }
  }

  private void query(Place place, String text) {
    List<EntityUse> uses = EntityQueryReader.read(text, entities);
    Optional<EntityUse> stranger = uses.stream().filter(use -> entities.named(use.name()).isEmpty()).findFirst();
    judge.count(stranger.isPresent() ? Understanding.NOT : Understanding.WHOLE);
    uses.forEach(use -> entities.named(use.name()).ifPresent(entity -> judge.entity(place, entity, use.access())));
    stranger.ifPresent(use -> judge.unknown(place, "entity '%s' is not among the classes that were read".formatted(use.name())));
  }

  private static Place place(Optional<String> module, TextFile file, String name, int line, Finding.Kind kind, String shown) {
    String fileName = file.path().substring(file.path().lastIndexOf('/') + 1);
    return new Place(module, file.path() + ", " + name, fileName + ":" + line, line, kind, shown);
  }
}
