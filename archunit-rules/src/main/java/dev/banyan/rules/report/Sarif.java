package dev.banyan.rules.report;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.Unknown;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A scan in the Static Analysis Results Interchange Format 2.1.0, which code hosts read. A class file knows the name of
 * its source and its package, so a location is the path below a source folder.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</a>
 */
public final class Sarif {

  private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

  private Sarif() {}

  /** Returns the log, as maps and lists. */
  public static Map<String, Object> of(SchemaScan scan) {
    List<Map<String, Object>> results = new ArrayList<>();
    scan.violations().forEach(finding -> results.add(result("banyan/" + id(finding), "error", finding.message(),
        path(finding.location(), finding.source()), finding.line())));
    scan.unknown().forEach(unknown -> results.add(result("banyan/unknown", "note", message(unknown), path(unknown.location(), ""),
        unknown.line())));
    Map<String, Object> driver = Map.of("name", "Banyan", "rules", rules());
    return Map.of("$schema", SCHEMA, "version", "2.1.0", "runs", List.of(Map.of("tool", Map.of("driver", driver), "results", results)));
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

  private static Map<String, Object> result(String rule, String level, String message, String path, int line) {
    Map<String, Object> place = Map.of("artifactLocation", Map.of("uri", uri(path)), "region", Map.of("startLine", Math.max(1, line)));
    return Map.of("ruleId", rule, "level", level, "message", Map.of("text", message), "locations",
        List.of(Map.of("physicalLocation", place)));
  }

  /** An object in a database, or a folder, may have spaces in its name; a URI has none. */
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
