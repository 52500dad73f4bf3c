package dev.banyan.rules;

import dev.banyan.rules.migration.ChangeLogOrder;
import dev.banyan.rules.migration.ChangeLogOrder.Position;
import dev.banyan.rules.migration.Script;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which modules have left with a change set of Liquibase's: what a changelog runs behind it brings their tables back. */
final class LeftByChangeLog {

  private static final Pattern CHANGE_SET = Pattern.compile("(?im)<(?:changeSet|include\\w*)\\b|^\\s*--\\s*changeset\\b"
      + "|^\\s*-\\s*\\{?\\s*(?:changeSet|include\\w*):|\"(?:changeSet|include\\w*)\"");
  private static final Pattern ALWAYS = Pattern.compile("runAlways[\"']?\\s*[=:]\\s*[\"']?true", Pattern.CASE_INSENSITIVE);
  private static final Pattern ROLLBACK = Pattern.compile("\\s*--\\s*rollback\\b.*", Pattern.CASE_INSENSITIVE);

  /**
   * The change set with which a module has left.
   *
   * @param end the last of its lines
   */
  private record Left(Script script, int end) {}

  private final List<Script> scripts = new ArrayList<>();
  private final Map<String, List<Left>> byModule = new HashMap<>();
  private @Nullable ChangeLogOrder order;

  void note(Script script) {
    scripts.add(script);
  }

  /** Notes that a script says in a line that a module has left. */
  void left(String module, Script script, int line) {
    byModule.computeIfAbsent(module, key -> new ArrayList<>()).add(new Left(script, end(script, line)));
  }

  /** A script without change sets is one as a whole. */
  private static int end(Script script, int line) {
    List<String> lines = script.text().lines().toList();
    for (int i = line; i < lines.size(); i++) {
      if (CHANGE_SET.matcher(lines.get(i)).find()) {
        return i;
      }
    }
    return Integer.MAX_VALUE;
  }

  /** Tells whether Liquibase runs a script, and the one with which a module has left. */
  boolean runs(Script script, String module) {
    return byModule.containsKey(module) && position(script, 1).isPresent()
        && byModule.getOrDefault(module, List.of()).stream().anyMatch(left -> position(left.script(), 1).isPresent());
  }

  /** Returns how a line of a script stands to what the module has left with; places below different changelogs have no order. */
  Optional<Departures.Order> order(Script script, int line, String module) {
    Optional<Position> here = position(script, line);
    List<Position> ends = byModule.getOrDefault(module, List.of()).stream().flatMap(left -> position(left.script(), left.end()).stream())
        .filter(end -> here.filter(position -> position.root().equals(end.root())).isPresent()).toList();
    if (ends.isEmpty()) {
      return Optional.of(Departures.Order.UNKNOWN);
    }
    boolean after = ends.stream().anyMatch(end -> here.filter(position -> position.compareTo(end) > 0).isPresent()) || isRunAlways(script, line);
    return after && !isRollback(script, line) ? Optional.of(Departures.Order.AFTER) : Optional.empty();
  }

  private Optional<Position> position(Script script, int line) {
    ChangeLogOrder known = order == null ? new ChangeLogOrder(scripts) : order;
    order = known;
    return known.position(script, line);
  }

  /** What is run each time is run after all that is run once. */
  private static boolean isRunAlways(Script script, int line) {
    String before = String.join("\n", script.text().lines().limit(line).toList());
    Matcher changeSet = CHANGE_SET.matcher(before);
    int from = 0;
    while (changeSet.find()) {
      from = changeSet.start();
    }
    return ALWAYS.matcher(before.substring(from)).find();
  }

  private static boolean isRollback(Script script, int line) {
    return script.text().lines().skip(Math.max(0, line - 1L)).findFirst().filter(text -> ROLLBACK.matcher(text).matches()).isPresent();
  }
}
