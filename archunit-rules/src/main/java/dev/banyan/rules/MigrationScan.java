package dev.banyan.rules;

import dev.banyan.rules.migration.Script;
import dev.banyan.rules.migration.Step;
import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.OwnTables;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import dev.banyan.rules.sql.Understanding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads migrations. One belongs to the module whose package it lies in, or whose name one of its folders has, the nearest
 * first; or else to the modules whose classes load it. In a folder for all modules each statement belongs to the module whose table it changes.
 */
final class MigrationScan {

  private static final Pattern DROP = Pattern.compile("(?is)(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*drop(?:\\b|(?-i:[A-Z]))");
  private static final String OTHER_HISTORY = "module '%s' has left with a migration of another folder, whose history no version puts in order with "
      + "this one: applied after it, this brings %s back";

  private final Judge judge;
  private final Function<Script, String> location;
  private final LoadedScripts loaded;
  private final Departures departures;

  MigrationScan(Judge judge, Function<Script, String> location, LoadedScripts loaded) {
    this.judge = judge;
    this.location = location;
    this.loaded = loaded;
    this.departures = new Departures(judge.ownership()::homeOf);
  }

  /** Looks what scripts say of others, which ones they run and which module has left with them, before any is run through. */
  void prepare(List<Script> scripts) {
    for (Script script : scripts) {
      Optional<String> module = moduleOf(script);
      module.ifPresent(name -> script.loaded().forEach(path -> loaded.add(path, name)));
      departures.note(script, module);
    }
  }

  void run(Script script) {
    Optional<String> module = moduleOf(script);
    Set<String> loading = module.isPresent() ? Set.of() : loaded.modulesOf(script.path());
    if (loading.isEmpty()) {
      run(script, module);
    }
    loading.forEach(each -> run(script, Optional.of(each)));
  }

  private void run(Script script, Optional<String> module) {
    script.steps(module.flatMap(judge.ownership()::homeOf)).ifPresentOrElse(steps -> {
      Set<String> made = new HashSet<>();
      for (Step step : steps) {
        step(script, module, step.without(use -> isToldAlready(module, use, made)));
        made.addAll(OwnTables.createdBy(step.shown()));
      }
      if (module.isEmpty() && steps.stream().noneMatch(MigrationScan::isChange)) {
        steps.stream().filter(this::readsOwned).forEach(step -> nobodys(script, step));
      }
    }, () -> unreadable(script, module));
  }

  /** Nobody owns a table that a script has made before: that this cannot be told was listed with the statement that makes it. */
  private boolean isToldAlready(Optional<String> module, TableUse use, Set<String> made) {
    return use.table().schema().isEmpty() && made.contains(use.table().table()) && judge.ownership().mayBeAnybodys(module, use.table());
  }

  private static boolean isChange(Step step) {
    return step.reading().uses().stream().anyMatch(use -> use.access() == Access.WRITE);
  }

  private boolean readsOwned(Step step) {
    return step.reading().isKnown() && step.reading().uses().stream().anyMatch(use -> judge.ownership().isOwned(Optional.empty(), use.table()));
  }

  /** A script that only reads is no migration: somebody runs it, and it cannot be seen who. */
  private void nobodys(Script script, Step step) {
    judge.unknown(place(script, Optional.empty(), step.line(), Texts.shown(step.shown())), "no class of a module carries the path of the script");
  }

  private void step(Script script, Optional<String> module, Step step) {
    Optional<String> accessing = module.or(() -> changed(step));
    int first = step.reading().uses().stream().mapToInt(TableUse::line).min().orElse(1);
    if (accessing.isPresent() || !step.reading().isKnown()) {
      judge.statement(line -> place(script, accessing, step.line() + (line == 0 ? first : line) - 1, Texts.shown(step.shown())), step.reading());
    } else {
      judge.nobodys(place(script, accessing, step.line() + first - 1, Texts.shown(step.shown())), step.reading());
    }
    if (!DROP.matcher(step.shown()).lookingAt() && !step.takesBack()) {
      step.reading().uses().forEach(use -> comingBack(script, module, accessing, step, use));
    }
  }

  /** A module that has no code here any more, and has left with an earlier migration, has no tables here either. */
  private void comingBack(Script script, Optional<String> module, Optional<String> accessing, Step step, TableUse use) {
    judge.ownership().ownerOf(accessing, use.table())
        .filter(owner -> accessing.equals(Optional.of(owner)) && judge.ownership().hasNoCode(owner))
        .ifPresent(owner -> comingBack(script, module, step, owner, use));
  }

  private void comingBack(Script script, Optional<String> module, Step step, String owner, TableUse use) {
    int line = step.line() + use.line() - 1;
    Place place = place(script, Optional.of(owner), line, Texts.shown(step.shown()));
    TableName table = judge.ownership().resolved(Optional.of(owner), use.table()).orElse(use.table());
    departures.order(script, module, step, line, owner, table).ifPresent(order -> {
      if (order == Departures.Order.AFTER) {
        judge.comesBack(place, owner, use);
      } else {
        judge.unknown(place, OTHER_HISTORY.formatted(owner, table));
      }
    });
  }

  private Optional<String> changed(Step step) {
    return step.reading().uses().stream().filter(use -> use.access() == Access.WRITE)
        .flatMap(use -> judge.ownership().ownerOf(Optional.empty(), use.table()).stream()).findFirst();
  }

  private void unreadable(Script script, Optional<String> module) {
    judge.count(Understanding.NOT);
    judge.unknown(place(script, module, 1, script.name()), "the file is no changelog that can be read");
  }

  private Optional<String> moduleOf(Script script) {
    return byPackage(script).or(() -> judge.ownership().moduleOfFolders(script.folders()));
  }

  private Optional<String> byPackage(Script script) {
    List<String> folders = new ArrayList<>(script.folders());
    Collections.reverse(folders);
    return judge.ownership().moduleOf(String.join(".", folders) + ".Script");
  }

  private Place place(Script script, Optional<String> module, int line, String shown) {
    Finding.Kind kind = script.isOfCode(byPackage(script).isPresent()) ? Finding.Kind.SQL : Finding.Kind.MIGRATION;
    return new Place(module, location.apply(script), script.name() + ":" + line, line, kind, shown);
  }
}
