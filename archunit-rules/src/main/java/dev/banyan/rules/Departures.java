package dev.banyan.rules;

import dev.banyan.rules.migration.Script;
import dev.banyan.rules.migration.Step;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * With which migrations modules have left: those that {@code banyan migration} has written. What was applied before is
 * the history that Flyway or Liquibase compares with, and stays; what comes later brings the tables back.
 *
 * <p>Liquibase has no versions: {@link LeftByChangeLog} tells what comes later there.
 *
 * <p>Folders are one history, in the order of their versions, unless one is Spring Modulith's {@code __root}: then each module has
 * a history of its own, and {@code __root} one beside them, which is applied first to a new database.
 */
final class Departures {

  /** What a script is to the migration with which a module has left. */
  enum Order {
    /** It is applied after it. */
    AFTER,
    /** It is in another history, and may be applied before or after it. */
    UNKNOWN
  }

  private static final Pattern MARK = Pattern.compile("(?m)(?:^|[>|\"])[ \\t]*"
      + "(?:--|<comment>|<!\\[CDATA\\[\\s*--|-?[ \\t]*\"?comment\"?:[ \\t]*\"?)[ \\t]*Module '([^'\\n]+)' has left for a service of its own\\.");
  private static final Pattern VERSIONED = Pattern.compile("[VB](\\d+(?:[._]\\d+)*)__.*");
  private static final Pattern CREATION = Pattern.compile("(?is)(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*create\\s+(?:unlogged\\s+)?table\\b");
  private static final String ROOT = "__root";

  private final Map<String, List<Departure>> byModule = new HashMap<>();
  private final Map<String, List<Script>> scripts = new HashMap<>();
  private final Map<String, Set<TableName>> created = new HashMap<>();
  private final Function<String, Optional<String>> homes;
  private final LeftByChangeLog logs = new LeftByChangeLog();
  private boolean separate;

  /** Where a script says that a module has left. */
  private record Mark(String module, int line) {}

  /**
   * The migration with which a module has left.
   *
   * @param folder whose migrations it is among, empty for a folder for all modules
   */
  private record Departure(Script script, Version version, Optional<String> folder) {}

  /** A version as Flyway compares them: number by number. */
  private record Version(List<BigInteger> numbers) implements Comparable<Version> {

    static Optional<Version> of(Script script) {
      Matcher matcher = VERSIONED.matcher(script.name());
      return matcher.matches()
          ? Optional.of(new Version(Arrays.stream(matcher.group(1).split("[._]")).map(BigInteger::new).toList())) : Optional.empty();
    }

    private BigInteger number(int place) {
      return place < numbers.size() ? numbers.get(place) : BigInteger.ZERO;
    }

    @Override
    public int compareTo(Version other) {
      for (int place = 0; place < Math.max(numbers.size(), other.numbers.size()); place++) {
        int order = number(place).compareTo(other.number(place));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }
  }

  /** Creates one that has seen nothing; {@code homes} are the schemas that modules mean by names without one. */
  Departures(Function<String, Optional<String>> homes) {
    this.homes = homes;
  }

  /** Notes a script; {@code folder} is the module among whose migrations it lies. */
  void note(Script script, Optional<String> folder) {
    separate |= isRoot(script);
    folder.ifPresent(module -> scripts.computeIfAbsent(module, key -> new ArrayList<>()).add(script));
    logs.note(script);
    MARK.matcher(script.text()).results().map(mark -> new Mark(mark.group(1), lineOf(script, mark.end()))).forEach(mark -> {
      logs.left(mark.module(), script, mark.line());
      Version.of(script).ifPresent(version -> byModule.computeIfAbsent(mark.module(), key -> new ArrayList<>())
          .add(new Departure(script, version, folder)));
    });
  }

  private static int lineOf(Script script, int position) {
    return 1 + (int) script.text().substring(0, position).chars().filter(c -> c == '\n').count();
  }

  /** Returns how a step of a script that touches a table of a module stands to the migration with which that has left. */
  Optional<Order> order(Script script, Optional<String> folder, Step step, int line, String module, TableName table) {
    if (logs.runs(script, module)) {
      return logs.order(script, line, module);
    }
    List<Departure> departures = byModule.getOrDefault(module, List.of());
    List<Departure> here = departures.stream().filter(departure -> history(departure.script(), departure.folder()).equals(history(script, folder)))
        .toList();
    if (!here.isEmpty()) {
      return here.stream().anyMatch(departure -> isAfter(script, departure)) ? Optional.of(Order.AFTER) : Optional.empty();
    }
    return departures.isEmpty() ? Optional.empty() : Optional.of(isMadeTwice(script, step, module, table) ? Order.AFTER : Order.UNKNOWN);
  }

  private String history(Script script, Optional<String> folder) {
    return isRoot(script) ? ROOT : separate ? folder.orElse("") : "";
  }

  private static boolean isRoot(Script script) {
    return script.folders().contains(ROOT);
  }

  /** What the module's own migrations make, {@code __root} cannot have made before: a new database, where it is first, would refuse the second. */
  private boolean isMadeTwice(Script script, Step step, String module, TableName table) {
    return isRoot(script) && isCreation(step) && created.computeIfAbsent(module, this::createdBy).contains(table);
  }

  private Set<TableName> createdBy(String module) {
    return scripts.getOrDefault(module, List.of()).stream().flatMap(script -> script.steps(homes.apply(module)).stream().flatMap(List::stream))
        .filter(Departures::isCreation).flatMap(step -> step.reading().uses().stream()).map(TableUse::table).collect(Collectors.toSet());
  }

  private static boolean isCreation(Step step) {
    return CREATION.matcher(step.shown()).lookingAt();
  }

  /** What is repeated is applied after all that has a version. */
  private static boolean isAfter(Script script, Departure departure) {
    return Version.of(script).map(version -> version.compareTo(departure.version()) > 0).orElse(script.name().startsWith("R__"));
  }
}
