package dev.banyan.rules.report;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.Unknown;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A scan in the Static Analysis Results Interchange Format 2.1.0, which code hosts read. A class file knows the name of
 * its source and its package, so a location is the path below a source folder. An object of a database is a logical location.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</a>
 */
public final class Sarif {

  // The one that code hosts look at to tell a finding that moved from a new one.
  private static final String FINGERPRINT = "primaryLocationLineHash";
  private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

  private final SourceRoots sources;
  private final Map<String, Integer> seen = new HashMap<>();

  private Sarif(SourceRoots sources) {
    this.sources = sources;
  }

  /** Returns the log, as maps and lists, with paths below a source folder. */
  public static Map<String, Object> of(SchemaScan scan) {
    return of(scan, SourceRoots.none());
  }

  /** Returns the log, as maps and lists, with paths of a checkout. */
  public static Map<String, Object> of(SchemaScan scan, SourceRoots sources) {
    Map<String, Object> driver = Map.of("name", "Banyan", "rules", rules());
    return Map.of("$schema", SCHEMA, "version", "2.1.0", "runs",
        List.of(Map.of("tool", Map.of("driver", driver), "results", new Sarif(sources).results(scan))));
  }

  private List<Map<String, Object>> results(SchemaScan scan) {
    List<Map<String, Object>> results = new ArrayList<>();
    scan.violations().forEach(finding -> results.add(finding(finding)));
    scan.unknown().forEach(unknown -> results.add(inFile("banyan/unknown", "note", message(unknown), path(unknown.location(), ""),
        unknown.line(), unknown.statement())));
    return results;
  }

  private Map<String, Object> finding(Finding finding) {
    String rule = "banyan/" + id(finding);
    String what = "%s %s".formatted(finding.table(), finding.statement());
    return finding.kind() == Finding.Kind.CATALOG
        ? result(rule, "error", finding.message(), inDatabase(finding.location()), fingerprint(rule, finding.location(), what))
        : inFile(rule, "error", finding.message(), path(finding.location(), finding.source()), finding.line(), what);
  }

  private static List<Map<String, Object>> rules() {
    return Stream.concat(Stream.of(Finding.Kind.values()).map(kind -> rule(kind.name().toLowerCase(Locale.ROOT),
        "A module touches a table that another module owns (" + kind.name().toLowerCase(Locale.ROOT) + ").")),
        Stream.of(rule("unknown", "The tables of a statement are known only at run time."))).toList();
  }

  private static Map<String, Object> rule(String id, String text) {
    return Map.of("id", "banyan/" + id, "shortDescription", Map.of("text", text));
  }

  private static String id(Finding finding) {
    return finding.kind().name().toLowerCase(Locale.ROOT);
  }

  private static String message(Unknown unknown) {
    return "%s: %s".formatted(unknown.statement(), unknown.reason());
  }

  private Map<String, Object> inFile(String rule, String level, String message, String path, int line, String what) {
    Map<String, Object> place = physical(sources.locate(path), line);
    return result(rule, level, message, Map.of("physicalLocation", place), fingerprint(rule, path, what));
  }

  private static Map<String, Object> physical(String path, int line) {
    return Map.of("artifactLocation", Map.of("uri", uri(path)), "region", Map.of("startLine", Math.max(1, line)));
  }

  /**
   * An object of a database stands in no file. Code hosts show nothing without one (GitHub refuses the whole log), so the
   * file that says who owns what stands for it, where it is in the checkout.
   */
  private Map<String, Object> inDatabase(String object) {
    Map<String, Object> location = new LinkedHashMap<>();
    location.put("logicalLocations", List.of(Map.of("fullyQualifiedName", object, "kind", "resource")));
    sources.ownership().ifPresent(file -> location.put("physicalLocation", physical(file, 1)));
    return location;
  }

  private static Map<String, Object> result(String rule, String level, String message, Map<String, Object> location, String fingerprint) {
    return Map.of("ruleId", rule, "level", level, "message", Map.of("text", message), "locations", List.of(location),
        "partialFingerprints", Map.of(FINGERPRINT, fingerprint));
  }

  /** The same for as long as the statement is, wherever in its file it moves; the number tells equal ones apart. */
  private String fingerprint(String rule, String path, String what) {
    String hash = UUID.nameUUIDFromBytes(String.join("\n", rule, path, what).getBytes(StandardCharsets.UTF_8)).toString();
    return hash + ":" + seen.merge(hash, 1, Integer::sum);
  }

  /** A folder may have spaces in its name; a URI has none. */
  private static String uri(String path) {
    try {
      return new URI(null, null, "/" + path, null).getRawPath().substring(1);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("'%s' cannot be written as a path".formatted(path), e);
    }
  }

  private static String path(String location, String source) {
    String name = location.substring(0, Math.max(0, location.indexOf(", ")));
    if (name.contains("/") || name.isEmpty() || location.endsWith(", script")) {
      return name.isEmpty() ? location : name;
    }
    String folder = name.contains(".") ? name.substring(0, name.lastIndexOf('.') + 1).replace('.', '/') : "";
    String file = source.isEmpty() ? name.substring(name.lastIndexOf('.') + 1).replaceAll("\\$.*", "") + ".java"
        : source.replaceAll(":\\d+$", "");
    return folder + file;
  }
}
