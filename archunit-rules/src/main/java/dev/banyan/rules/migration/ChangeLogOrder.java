package dev.banyan.rules.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The order in which Liquibase runs changelogs and the scripts that they load: each where another one includes it, and its
 * change sets as they stand.
 *
 * @see <a href="https://docs.liquibase.com/change-types/include.html">Liquibase, include</a>
 */
public final class ChangeLogOrder {

  /**
   * A place in the order.
   *
   * @param root the changelog that nobody includes; places below different ones have no order
   * @param part which of the parts that inclusions cut the changelogs into
   * @param line in its file
   */
  public record Position(String root, int part, int line) implements Comparable<Position> {

    @Override
    public int compareTo(Position other) {
      return Comparator.comparingInt(Position::part).thenComparingInt(Position::line).compare(this, other);
    }
  }

  private record Inclusion(int line, List<Script> included) {}

  private record Part(String root, int number) {}

  private final Map<Script, List<Inclusion>> inclusions = new HashMap<>();
  private final Map<Script, TreeMap<Integer, Part>> parts = new HashMap<>();
  private final Set<Script> open = new HashSet<>();
  private int last;

  /** Creates the order of these, of which those that no changelog leads to have none. */
  public ChangeLogOrder(Collection<Script> scripts) {
    Set<Script> included = new HashSet<>();
    scripts.stream().filter(Script::isChangeLog).forEach(script -> inclusions.put(script, inclusions(script, scripts)));
    inclusions.values().forEach(all -> all.forEach(each -> included.addAll(each.included())));
    scripts.stream().filter(script -> script.isChangeLog() && !included.contains(script)).forEach(root -> number(root, root.path()));
  }

  /** Returns where a line of a script stands; nothing if Liquibase does not run it. */
  public Optional<Position> position(Script script, int line) {
    return Optional.ofNullable(parts.get(script)).map(all -> all.floorEntry(Math.max(line, 1)))
        .map(part -> new Position(part.getValue().root(), part.getValue().number(), line));
  }

  private void number(Script script, String root) {
    if (parts.containsKey(script) || !open.add(script)) {
      return;
    }
    TreeMap<Integer, Part> own = new TreeMap<>(Map.of(1, new Part(root, ++last)));
    for (Inclusion inclusion : inclusions.getOrDefault(script, List.of())) {
      inclusion.included().forEach(each -> number(each, root));
      own.put(inclusion.line() + 1, new Part(root, ++last));
    }
    parts.put(script, own);
  }

  private static List<Inclusion> inclusions(Script script, Collection<Script> all) {
    List<Inclusion> found = new ArrayList<>();
    script.root().ifPresent(root -> collect(root, script, all, found));
    found.sort(Comparator.comparingInt(Inclusion::line));
    return found;
  }

  private static void collect(Change change, Script script, Collection<Script> all, List<Inclusion> found) {
    boolean relative = change.said("relativeToChangelogFile").filter("true"::equals).isPresent();
    Optional<String> file = change.name().equals("include") ? change.said("file") : change.name().equals("sqlFile") ? change.said("path") : Optional.empty();
    Optional<String> folder = change.name().equals("includeAll") ? change.said("path") : Optional.empty();
    file.map(path -> named(script, path, relative)).ifPresent(path -> found.add(new Inclusion(change.line(),
        all.stream().filter(each -> ("/" + each.path()).endsWith("/" + path)).limit(1).toList())));
    folder.map(path -> named(script, path, relative)).ifPresent(path -> found.add(new Inclusion(change.line(), all.stream()
        .filter(each -> !each.equals(script) && ("/" + each.path()).contains("/" + path + "/")).sorted(Comparator.comparing(Script::path)).toList())));
    change.children().forEach(child -> collect(child, script, all, found));
  }

  private static String named(Script script, String path, boolean relative) {
    String plain = path.replaceAll("^(classpath\\*?:)?/*", "").replaceAll("/+$", "");
    Path folder = relative ? Path.of(script.path()).resolveSibling(plain) : Path.of(plain);
    return folder.normalize().toString().replace('\\', '/').replaceAll("^/+", "");
  }
}
