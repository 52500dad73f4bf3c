package dev.banyan.rules.report;

import dev.banyan.rules.Coverage;
import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.Unknown;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A scan as maps and lists, which any JSON library writes. */
public final class ScanReport {

  private ScanReport() {}

  /** Returns violations, unknown statements and coverage; {@code docs/rules.md} describes the shape. */
  public static Map<String, Object> json(SchemaScan scan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("violations", scan.violations().stream().map(ScanReport::violation).toList());
    json.put("unknown", scan.unknown().stream().map(ScanReport::unknown).toList());
    json.put("coverage", coverage(scan.coverage()));
    return json;
  }

  static Map<String, Object> violation(Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("module", finding.module().orElse(""));
    json.put("owner", finding.owner());
    json.put("table", finding.table());
    json.put("access", finding.access().name().toLowerCase(Locale.ROOT));
    json.put("kind", finding.kind().name().toLowerCase(Locale.ROOT));
    json.put("location", finding.location());
    json.put("line", finding.line());
    json.put("statement", unquoted(finding.statement()));
    json.put("remedy", finding.remedy());
    return json;
  }

  private static Map<String, Object> unknown(Unknown unknown) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("module", unknown.module().orElse(""));
    json.put("location", unknown.location());
    json.put("line", unknown.line());
    json.put("statement", unquoted(unknown.statement()));
    json.put("reason", unknown.reason());
    return json;
  }

  private static Map<String, Object> coverage(Coverage coverage) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("statements", coverage.statements());
    json.put("understood", coverage.understood());
    json.put("partly", coverage.partly());
    json.put("unknown", coverage.unknown());
    return json;
  }

  private static String unquoted(String statement) {
    return statement.length() > 1 && statement.startsWith("\"") ? statement.substring(1, statement.length() - 1) : statement;
  }

  /** Returns the scan as lines for people: each violation, each statement that is not known, the coverage. */
  public static String text(SchemaScan scan) {
    StringBuilder text = new StringBuilder();
    scan.violations().forEach(finding -> text.append(finding.message()).append('\n'));
    scan.unknown().forEach(unknown -> text.append("Not known: %s:%d: %s: %s%n".formatted(unknown.location(), unknown.line(),
        unknown.statement(), unknown.reason())));
    List<String> owners = scan.violations().stream().map(Finding::owner).distinct().sorted().toList();
    text.append(scan.violations().isEmpty() ? "No module touches another one's tables. "
        : "%d accesses cross a border, to tables of %s. ".formatted(scan.violations().size(), String.join(", ", owners)));
    return text.append(scan.coverage().message()).toString();
  }
}
