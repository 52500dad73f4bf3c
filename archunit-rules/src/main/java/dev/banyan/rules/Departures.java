package dev.banyan.rules;

import dev.banyan.rules.migration.Script;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * With which migrations modules have left: those that {@code banyan migration} has written. What was applied before is
 * the history that Flyway compares with, and stays; what comes later brings the tables back.
 */
final class Departures {

  private static final Pattern MARK = Pattern.compile("(?m)^-- Module '([^'\\n]+)' has left for a service of its own\\.");
  private static final Pattern VERSIONED = Pattern.compile("[VB](\\d+(?:[._]\\d+)*)__.*");

  private final Map<String, Departure> byModule = new HashMap<>();

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

  /** Notes a script, if a module has left with it; {@code folder} is the module among whose migrations it lies. */
  void note(Script script, Optional<String> folder) {
    Matcher mark = MARK.matcher(script.text());
    if (mark.find()) {
      Version.of(script).ifPresent(version -> byModule.merge(mark.group(1), new Departure(script, version, folder),
          (one, other) -> one.version().compareTo(other.version()) <= 0 ? one : other));
    }
  }

  /** Returns the name of the migration with which a module has left, if a script among the same migrations comes after it. */
  Optional<String> before(Script script, Optional<String> folder, String module) {
    return Optional.ofNullable(byModule.get(module)).filter(departure -> departure.folder().equals(folder))
        .filter(departure -> isAfter(script, departure)).map(departure -> departure.script().name());
  }

  /** What is repeated is applied after all that has a version. */
  private static boolean isAfter(Script script, Departure departure) {
    return Version.of(script).map(version -> version.compareTo(departure.version()) > 0).orElse(script.name().startsWith("R__"));
  }
}
