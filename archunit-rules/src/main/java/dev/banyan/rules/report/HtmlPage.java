package dev.banyan.rules.report;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaScan;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A scan as a page that needs nothing else: who touches whom as a graph and as a matrix, what crosses the border of each module with
 * its remedy, an order in which to take modules out, and the statements that are not known.
 */
public final class HtmlPage {

  private static final String HEAD = """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Who touches whose tables</title>
      <style>
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1d2733; }
        h1 { font-size: 1.6rem; } h2 { margin-top: 2.2rem; font-size: 1.2rem; } h3 { margin-bottom: .3rem; }
        table { border-collapse: collapse; } th, td { padding: .35rem .7rem; border: 1px solid #d5dce4; text-align: left; vertical-align: top; }
        th { background: #f2f5f8; } td.n { text-align: right; } td.hit { background: #fde8e4; font-weight: 600; }
        code { font: 13px/1.4 ui-monospace, monospace; } .quiet { color: #64748b; }
        @media (prefers-color-scheme: dark) { body { background: #14191f; color: #dbe4ee; } th { background: #1f2730; }
          th, td { border-color: #36414d; } td.hit { background: #4d2a24; } }
      </style></head><body>
      """;

  private final SchemaScan scan;
  private final StringBuilder page = new StringBuilder(HEAD);

  private HtmlPage(SchemaScan scan) {
    this.scan = scan;
  }

  /** Returns the page. */
  public static String of(SchemaScan scan) {
    var html = new HtmlPage(scan);
    html.summary();
    html.matrix();
    html.modules();
    html.unknown();
    return html.page.append("</body></html>\n").toString();
  }

  private void summary() {
    page.append("<h1>Who touches whose tables</h1><p>%d accesses cross a border. %s</p>%n".formatted(scan.violations().size(),
        escaped(scan.coverage().message())));
  }

  private void matrix() {
    if (scan.violations().isEmpty()) {
      return;
    }
    page.append("<h2>Graph</h2>\n").append(new ModuleGraph(scan.violations()).svg());
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    TreeSet<String> owners = new TreeSet<>();
    for (Finding finding : scan.violations()) {
      counts.computeIfAbsent(module(finding), module -> new TreeMap<>()).merge(finding.owner(), 1, Integer::sum);
      owners.add(finding.owner());
    }
    page.append("<h2>Matrix</h2><table><tr><th>module touches</th>");
    owners.forEach(owner -> page.append("<th>").append(escaped(owner)).append("</th>"));
    page.append("</tr>\n");
    counts.forEach((module, row) -> {
      page.append("<tr><th>").append(escaped(module)).append("</th>");
      owners.forEach(owner -> page.append(row.containsKey(owner) ? "<td class=\"n hit\">" + row.get(owner) : "<td class=\"n quiet\">0")
          .append("</td>"));
      page.append("</tr>\n");
    });
    page.append("</table>\n");
  }

  /** The module with the fewest accesses across its border, in either direction, is the cheapest to take out. */
  private void modules() {
    Map<String, Long> crossing = new LinkedHashMap<>();
    TreeSet<String> modules = new TreeSet<>();
    scan.violations().forEach(finding -> modules.addAll(List.of(module(finding), finding.owner())));
    modules.forEach(module -> crossing.put(module, scan.violations().stream().filter(f -> touches(f, module)).count()));
    page.append(modules.isEmpty() ? "" : "<h2>Modules, the readiest to be taken out first</h2>\n");
    crossing.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .forEach(each -> module(each.getKey(), each.getValue()));
  }

  private static boolean touches(Finding finding, String module) {
    return module(finding).equals(module) || finding.owner().equals(module);
  }

  private void module(String module, long crossing) {
    page.append("<h3>%s</h3><p>%d accesses cross its border.</p><table><tr><th>direction</th><th>table</th><th>where</th><th>what</th><th>instead</th></tr>%n"
        .formatted(escaped(module), crossing));
    scan.violations().stream().filter(finding -> touches(finding, module)).forEach(finding -> row(module, finding));
    page.append("</table>\n");
  }

  private void row(String module, Finding finding) {
    String direction = module(finding).equals(module) ? "touches " + finding.owner() : "touched by " + module(finding);
    page.append("<tr><td>%s</td><td>%s <code>%s</code></td><td>%s<br><span class=\"quiet\">%s</span></td><td><code>%s</code></td><td>%s</td></tr>%n"
        .formatted(escaped(direction), finding.access().verb(), escaped(finding.table()), escaped(finding.location()),
            escaped(finding.source()), escaped(finding.statement()), escaped(finding.remedy())));
  }

  private void unknown() {
    if (scan.unknown().isEmpty()) {
      return;
    }
    page.append("<h2>Not known</h2><table><tr><th>where</th><th>statement</th><th>why</th></tr>\n");
    scan.unknown().forEach(unknown -> page.append("<tr><td>%s, line %d</td><td><code>%s</code></td><td>%s</td></tr>%n".formatted(
        escaped(unknown.location()), unknown.line(), escaped(unknown.statement()), escaped(unknown.reason()))));
    page.append("</table>\n");
  }

  private static String module(Finding finding) {
    return finding.module().orElse("no module");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
